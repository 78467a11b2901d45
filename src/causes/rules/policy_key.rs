//! `policy-key`

use super::{api_key_plaintext, secret_in_env_block, secret_in_header};
use crate::causes::example::wired;
use crate::causes::policy::asked;
use crate::causes::{Area, Cause, Facts, Findings, InDoctor, Symptom};

pub(super) static CAUSE: Cause = Cause {
    id: "policy-key",
    area: Area::Policy,
    symptoms: &[Symptom::Team],
    summary: "the config has a key in plain text, which the team forbids",
    why: "With `policy.noPlaintextKeys`, no key may be in the config: not in `apiKey`, a header \
          or `env`. A key in the file goes wherever the file goes.",
    fix: "Put the key in OpenClaw's `.env` and write `\"${PORTKEY_API_KEY}\"`; `{run: init --key-in dotenv}` moves it.",
    team: "{ policy: { noPlaintextKeys: true } }",
    bad: &[wired!(key r#"«"pk3xAmpl3dZq8Wn2rT5yVb7Lc0aJ"»"#)],
    good: &[
        wired!(key r#""${PORTKEY_API_KEY}""#),
        wired!(key r#"{ source: "file", provider: "default", id: "/portkey" }"#),
    ],
    in_doctor: InDoctor::Never,
    check: Some(check),
    ..Cause::BLANK
};

fn check(facts: &Facts<'_>, findings: &mut Findings) {
    let Some((_, flag, place)) = asked(facts, |team| team.policy.no_plaintext_keys.as_ref()) else {
        return;
    };
    if !flag.value {
        return;
    }
    let end = format!(", which the team forbids ({place})");
    for of in [
        &api_key_plaintext::CAUSE,
        &secret_in_header::CAUSE,
        &secret_in_env_block::CAUSE,
    ] {
        findings.borrow(facts, of, &end);
    }
}
