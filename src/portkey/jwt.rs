//! Checks a JWT used as a key, without the network: the header and claims that Portkey's
//! documentation requires, and when it expires. The signature isn't checked.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value as Json};

/// The only algorithm that Portkey accepts.
const ALGORITHM: &str = "RS256";

/// Claims that Portkey requires, each with an alternative name.
const CLAIMS: [[&str; 2]; 3] = [
    ["portkey_oid", "organisation_id"],
    ["portkey_workspace", "workspace_slug"],
    ["scope", "scopes"],
];

/// The decoded parts of a JWT.
#[derive(Clone, Debug)]
pub struct Jwt {
    header: Map<String, Json>,
    claims: Map<String, Json>,
}

impl Jwt {
    /// Parses a key; `None` if it isn't a JWT.
    #[must_use]
    pub fn read(key: &str) -> Option<Self> {
        let parts: Vec<&str> = key.trim().split('.').collect();
        let [header, claims, _signature] = parts[..] else {
            return None;
        };
        let read = |part: &str| {
            let bytes = URL_SAFE_NO_PAD.decode(part.trim_end_matches('=')).ok()?;
            match serde_json::from_slice(&bytes) {
                Ok(Json::Object(object)) => Some(object),
                _ => None,
            }
        };
        Some(Self {
            header: read(header)?,
            claims: read(claims)?,
        })
    }

    /// When it expires.
    #[must_use]
    pub fn expires(&self) -> Option<SystemTime> {
        self.time("exp")
    }

    /// What Portkey rejects, one phrase each.
    #[must_use]
    pub fn faults(&self, now: SystemTime) -> Vec<String> {
        let mut faults = Vec::new();
        let of = |name: &str| self.header.get(name).and_then(Json::as_str);
        match of("alg") {
            Some(ALGORITHM) => {}
            Some(other) => faults.push(format!(
                "its alg is {}, but Portkey only accepts {ALGORITHM}",
                super::printable(other, 20)
            )),
            None => faults.push(format!(
                "it has no alg, but Portkey only accepts {ALGORITHM}"
            )),
        }
        if of("kid").is_none_or(str::is_empty) {
            faults.push("it has no kid, which Portkey needs to find the public key".to_owned());
        }
        if of("typ").is_none_or(|kind| !kind.eq_ignore_ascii_case("JWT")) {
            faults.push("its typ is not JWT".to_owned());
        }
        for [name, other] in CLAIMS {
            let is_set = |name: &str| match self.claims.get(name) {
                None | Some(Json::Null) => false,
                Some(Json::String(text)) => !text.is_empty(),
                Some(Json::Array(list)) => !list.is_empty(),
                Some(_) => true,
            };
            if !is_set(name) && !is_set(other) {
                faults.push(format!("it has no {name} or {other} claim"));
            }
        }
        if self.time("nbf").is_some_and(|from| from > now) {
            faults.push("it is not valid yet (nbf)".to_owned());
        }
        faults
    }

    fn time(&self, claim: &str) -> Option<SystemTime> {
        let seconds = self.claims.get(claim)?.as_f64()?;
        let seconds = (seconds.is_finite() && (0.0..1e11).contains(&seconds)).then_some(seconds)?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs_f64(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn jwt(header: &Json, claims: &Json) -> String {
        let part = |json: &Json| URL_SAFE_NO_PAD.encode(json.to_string());
        format!("{}.{}.c2lnbmF0dXJl", part(header), part(claims))
    }

    fn good() -> (Json, Json) {
        (
            json!({ "alg": "RS256", "typ": "JWT", "kid": "k1" }),
            json!({
                "portkey_oid": "o", "portkey_workspace": "ws-a", "scope": ["completions.write"],
                "exp": 1_800_000_000, "email_id": "alice@example.com",
            }),
        )
    }

    fn at(seconds: u64) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn distinguishes_keys_from_jwts() {
        for key in [
            "",
            "pk-0123456789",
            "a.b.c",
            "a.b",
            "eyJhbGciOiJSUzI1NiJ9.e30",
            "W10.W10.x",
            "eyJhbGciOiJSUzI1NiJ9.bm90IGpzb24.x",
        ] {
            assert!(Jwt::read(key).is_none(), "{key}");
        }
        let (header, claims) = good();
        let read = Jwt::read(&jwt(&header, &claims)).unwrap();
        assert_eq!(read.expires(), Some(at(1_800_000_000)));
        assert_eq!(read.faults(at(1_700_000_000)), Vec::<String>::new());
    }

    #[test]
    fn reports_what_portkey_rejects() {
        let faults = |edit: fn(&mut Json, &mut Json)| {
            let (mut header, mut claims) = good();
            edit(&mut header, &mut claims);
            let read = Jwt::read(&jwt(&header, &claims)).unwrap();
            read.faults(at(1_700_000_000)).join("; ")
        };
        for (edit, wanted) in [
            (
                (|header, _| header["alg"] = "HS256".into()) as fn(&mut Json, &mut Json),
                "its alg is HS256",
            ),
            (|header, _| header["alg"] = "none".into(), "its alg is none"),
            (|header, _| header["alg"] = Json::Null, "it has no alg"),
            (|header, _| header["kid"] = Json::Null, "it has no kid"),
            (
                |header, _| header["typ"] = "at+jwt".into(),
                "its typ is not JWT",
            ),
            (
                |_, claims| claims["portkey_oid"] = Json::Null,
                "no portkey_oid or organisation_id claim",
            ),
            (
                |_, claims| claims["portkey_workspace"] = "".into(),
                "portkey_workspace",
            ),
            (
                |_, claims| claims["scope"] = json!([]),
                "no scope or scopes claim",
            ),
            (
                |_, claims| claims["nbf"] = 1_700_000_001.into(),
                "not valid yet",
            ),
        ] {
            let found = faults(edit);
            assert!(found.contains(wanted) && !found.contains(';'), "{found}");
        }
        // The alternative names.
        let other = faults(|_, claims| {
            *claims = json!({ "organisation_id": "o", "workspace_slug": "w", "scopes": "a b" });
        });
        assert_eq!(other, "");
    }

    #[test]
    fn ignores_odd_times() {
        for exp in [json!("soon"), json!(-1), json!(1e300), json!(null)] {
            let (header, mut claims) = good();
            claims["exp"] = exp;
            assert_eq!(Jwt::read(&jwt(&header, &claims)).unwrap().expires(), None);
        }
    }
}
