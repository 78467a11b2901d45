//! Measures simulations per second: `cargo run --release --example simulations`.

use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use openclaw_portkey::gateway_config::Gateway;
use openclaw_portkey::gateway_config::read::GatewayConfig;
use openclaw_portkey::gateway_config::simulate::{Fixed, Request, Script, Setup, State, run};

/// How long to measure each config.
const TIME: Duration = Duration::from_secs(2);

const CONFIGS: [(&str, &str, &str); 4] = [
    (
        "one target",
        r#"{"override_params":{"model":"@a/m"}}"#,
        "*=200",
    ),
    (
        "fallback, first target down",
        r#"{"strategy":{"mode":"fallback"},"targets":[{"override_params":{"model":"@a/m"}},{"override_params":{"model":"@b/n"}}]}"#,
        "@a=500",
    ),
    (
        "fallback of a load balance with retries, all down",
        r#"{"strategy":{"mode":"fallback"},"retry":{"attempts":2},"targets":[
            {"strategy":{"mode":"loadbalance"},"targets":[
                {"override_params":{"model":"@a/m"},"weight":3},{"override_params":{"model":"@b/m"},"weight":1}]},
            {"override_params":{"model":"@c/n"}}]}"#,
        "*=429",
    ),
    (
        "conditions on metadata",
        r#"{"strategy":{"mode":"conditional","conditions":[
            {"query":{"metadata.agent":{"$in":["ops","dev"]}},"then":"a"}],"default":"b"},
            "targets":[{"name":"a","override_params":{"model":"@a/m"}},{"name":"b","override_params":{"model":"@b/n"}}]}"#,
        "*=200",
    ),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout().lock();
    let mut request = Request::of_model("portkey-dynamic");
    let metadata = r#"{"agent":"ops","team":"backend"}"#;
    request
        .headers
        .push(("x-portkey-metadata".to_owned(), metadata.to_owned()));
    for (name, text, when) in CONFIGS {
        let config = GatewayConfig::parse(text)?;
        let script = Script::new().add(when, &config)?;
        let setup = Setup {
            config: &config,
            gateway: Gateway::Hosted,
            script: &script,
        };
        let started = Instant::now();
        let mut count = 0_u32;
        let mut calls = 0;
        while started.elapsed() < TIME {
            for _ in 0..1000 {
                let mut state = State::new(&script);
                let outcome = run(&setup, black_box(&request), &mut state, &mut Fixed(0.3));
                calls += black_box(outcome).calls.len();
                count += 1;
            }
        }
        let rate = f64::from(count) / started.elapsed().as_secs_f64();
        writeln!(
            out,
            "{rate:>12.0} /s  {name} ({} calls each)",
            calls / count as usize
        )?;
    }
    Ok(())
}
