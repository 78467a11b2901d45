//! `push`, `rollback`, and what they share with `set-fallback --in portkey`: planning, checking and
//! simulating an edit before the prompt.

use std::path::Path;

use crate::app::usage;
use crate::diagnostic::Level;
use crate::error::{Failure, FailureKind};
use crate::gateway_config::Gateway;
use crate::gateway_config::check::{Facts, run as check};
use crate::gateway_config::client::Way;
use crate::gateway_config::overview::{Scene, default_request, kind};
use crate::gateway_config::read::GatewayConfig;
use crate::gateway_config::routing::strict;
use crate::help::{Help, Run};
use crate::mask::printable;
use crate::openclaw::Version;
use crate::portkey::admin::configs::Saved;
use crate::ui::Ui;

use super::check::Shown;
use super::publish::{Published, Publisher};
use super::saved::{self, Edit};
use super::{brief, name as shown_name, read};

/// Saves a file at Portkey, under a name or replacing the config with an id.
pub(crate) fn push(
    publisher: &Publisher<'_>,
    file: &Path,
    name: Option<&str>,
) -> Result<Published, Failure> {
    let config = read(file, publisher.ui)?;
    let shown = printable(&shown_name(file).display().to_string()).into_owned();
    let name = match name {
        Some(name) => name.trim().to_owned(),
        None => name_of(file)?,
    };
    if name.is_empty() {
        return Err(usage("the name is empty").hint("pass one with --name NAME"));
    }
    checked(publisher, &config, &shown)?;
    let edit = edit(publisher, name, &config)?;
    if edit.is_needed() {
        simulated(publisher, &config);
    }
    publisher.publish(&edit, &config)
}

/// The edit that gives the config with a name or id the contents of another.
pub(crate) fn edit(
    publisher: &Publisher<'_>,
    name: String,
    config: &GatewayConfig,
) -> Result<Edit, Failure> {
    let after =
        strict(config.document()).map_err(|error| Failure::new(FailureKind::Config, error))?;
    let admin = publisher.admin;
    let found = publisher.ui.asking(admin.host(), || {
        saved::named(admin, &name)?
            .map(|entry| {
                let saved = saved::read(admin, &entry.slug)?;
                Ok::<_, Failure>((entry, saved))
            })
            .transpose()
    });
    Ok(match found? {
        None => Edit {
            name,
            slug: None,
            before: None,
            version: String::new(),
            after,
        },
        Some((entry, saved)) => Edit {
            name: entry.name,
            slug: Some(entry.slug),
            before: Some(saved.config),
            version: saved.entry.version,
            after,
        },
    })
}

/// The file name without its extension.
fn name_of(file: &Path) -> Result<String, Failure> {
    let stem = file.file_stem().and_then(|stem| stem.to_str());
    stem.filter(|stem| *stem != "-")
        .map(str::to_owned)
        .ok_or_else(|| usage("the config needs a name").hint("pass one with --name NAME"))
}

/// Prints the problems of a config; an error stops the push, unless forced.
pub(crate) fn checked(
    publisher: &Publisher<'_>,
    config: &GatewayConfig,
    shown: &str,
) -> Result<(), Failure> {
    let version = publisher.session.version.version();
    let forced = publisher.check.force;
    checked_for(version, (config, shown), forced, publisher.ui)
}

/// The same with a display name, for a version of OpenClaw.
pub(crate) fn checked_for(
    version: Version,
    (config, shown): (&GatewayConfig, &str),
    forced: bool,
    ui: &Ui,
) -> Result<(), Failure> {
    let facts = Facts {
        version,
        ..Facts::new(config)
    };
    let mut findings = check(&facts);
    findings.retain(|finding| finding.level.is_problem());
    let errors = findings
        .iter()
        .filter(|finding| finding.level == Level::Error)
        .count();
    for line in Shown::new(config, shown.to_owned()).brief(&findings) {
        ui.alert(&line);
    }
    if errors == 0 || forced {
        return Ok(());
    }
    let count = if errors == 1 {
        "an error".to_owned()
    } else {
        format!("{errors} errors")
    };
    Err(Failure::new(
        FailureKind::Check,
        format!("{shown} has {count}; nothing was sent"),
    )
    .hint(
        Help::from("`")
            .run(Run::new("gateway-config check").value(shown))
            .text("` shows how to fix it"),
    )
    .hint("use --force to save it anyway"))
}

/// Shows what happens if the first target fails.
fn simulated(publisher: &Publisher<'_>, config: &GatewayConfig) {
    let scene = scene(publisher, config);
    let ui = publisher.ui;
    ui.note(&format!("{}; when the first target fails:", kind(config)));
    for line in brief::lines(&[("", scene, default_request(config))])
        .iter()
        .skip(1)
    {
        ui.verbatim(line);
    }
}

/// The hosted gateway and the installed OpenClaw.
pub(crate) fn scene<'c>(publisher: &Publisher<'_>, config: &'c GatewayConfig) -> Scene<'c> {
    Scene {
        config,
        gateway: Gateway::Hosted,
        version: publisher.session.version.version(),
        way: Way::Gateway,
    }
}

/// Makes an earlier version the current one.
pub(crate) fn rollback(
    publisher: &Publisher<'_>,
    slug: &str,
    version: &str,
) -> Result<Published, Failure> {
    let admin = publisher.admin;
    let (current, history) = publisher.ui.asking(admin.host(), || {
        Ok::<_, Failure>((saved::read(admin, slug)?, saved::history(admin, slug)?))
    })?;
    let fits = |known: &&Saved| !version.is_empty() && known.entry.version.starts_with(version);
    let found: Vec<_> = history.iter().filter(fits).collect();
    let wanted = match found[..] {
        [one] => one,
        [] => {
            return Err(Failure::new(
                FailureKind::Check,
                format!("{} has no version {}", printable(slug), printable(version)),
            )
            .hint(
                Help::from("`")
                    .run(Run::new("gateway-config history").value(slug))
                    .text("` lists them"),
            ));
        }
        _ => {
            return Err(usage(format!(
                "{} versions start with {}",
                found.len(),
                printable(version)
            ))
            .hint("use more characters of it"));
        }
    };
    let config = saved::parsed(&wanted.config)?;
    let edit = Edit {
        name: current.entry.name,
        slug: Some(current.entry.slug),
        before: Some(current.config),
        version: current.entry.version,
        after: wanted.config.clone(),
    };
    publisher.publish(&edit, &config)
}
