//! The gateway that runs, and whether it knows of the last change.

use std::time::Duration;

use super::facts::{Fact, Gateway, Health};
use super::{Evidence, Outcomes, Verdict};

pub(super) fn running(evidence: &Evidence<'_>, out: &mut Outcomes) {
    let machine = evidence.machine;
    if let Fact::Unknown(reason) = &machine.gateways {
        return out.skipped(format!("whether a gateway runs is not known: {reason}"));
    }
    let Some(gateway) = machine.gateway() else {
        let found = match machine.service() {
            Some(service) => format!(
                "no gateway runs on this config, though the service {} is installed; `openclaw gateway start` starts it",
                service.name
            ),
            None => "no gateway runs on this config; `openclaw gateway run` starts one".to_owned(),
        };
        return out.note(found);
    };
    stale(gateway, out);
    if let Health::Silent(why) = &gateway.health {
        let found = format!(
            "the gateway (process {}) does not answer on port {}: {why}",
            gateway.pid, gateway.port
        );
        let outcome = out.named(Verdict::Warning, "gateway-silent", found);
        out.push(outcome);
    }
    if out.is_empty() {
        out.passed(format!(
            "a gateway runs on it (port {}) and has its last change",
            gateway.port
        ));
    }
}

fn stale(gateway: &Gateway, out: &mut Outcomes) {
    for newer in gateway.newer.iter().filter(|newer| !newer.is_config) {
        let found = format!(
            "the gateway (process {}) started {} before this file was changed",
            gateway.pid,
            span(newer.after)
        );
        let outcome = out
            .named(Verdict::Warning, "gateway-stale", found)
            .at(&newer.file, None);
        out.push(outcome);
    }
}

/// A length of time in one word.
fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=119 => format!("{seconds} s"),
        120..=7199 => format!("{} min", seconds / 60),
        7200..=172_799 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::span;
    use std::time::Duration;

    #[test]
    fn lengths_of_time() {
        for (seconds, want) in [
            (0, "0 s"),
            (119, "119 s"),
            (120, "2 min"),
            (7200, "2 h"),
            (200_000, "2 days"),
        ] {
            assert_eq!(span(Duration::from_secs(seconds)), want);
        }
    }
}
