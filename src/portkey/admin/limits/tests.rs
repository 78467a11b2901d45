use super::*;

#[test]
fn budgets_as_people_write_them() {
    for (text, shown) in [
        ("500 usd/month", "500 usd/month"),
        ("$500/month", "500 usd/month"),
        ("500$ per month", "500 usd/month"),
        ("USD 1,500 monthly", "1500 usd/month"),
        ("20 USD", "20 usd in total"),
        ("20 usd in total", "20 usd in total"),
        ("20 usd once", "20 usd in total"),
        ("1.5k usd/week", "1500 usd/week"),
        ("10M tokens/week", "10M tokens/week"),
        ("10 million tokens a week", "10M tokens/week"),
        ("2.5M tokens / 30 days", "2500k tokens/30 days"),
        ("1_000_001 tokens/day", "1000001 tokens/day"),
        ("100 tokens every 14d", "100 tokens/14 days"),
        ("3b tokens/year", "3B tokens/365 days"),
        ("10 M tokens/week", "10M tokens/week"),
        ("1.250M tokens", "1250k tokens in total"),
        ("20 usd every 2 weeks", "20 usd/14 days"),
        ("20 usd/1 week", "20 usd/week"),
        ("20 usd/1 month", "20 usd/month"),
        ("1 dollar daily", "1 usd/day"),
        ("10.00 usd/month", "10 usd/month"),
    ] {
        let budget = Budget::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(budget.to_string(), shown, "{text}");
        assert_eq!(Budget::parse(shown).as_ref(), Ok(&budget), "{shown}");
        for changes in [false, true] {
            let json = budget.to_json(None, changes);
            assert_eq!(Budget::read(&json), Some(budget.clone()), "{text}");
            assert_eq!(Budget::read(&json!([json])), Some(budget.clone()));
        }
    }
}

#[test]
fn budgets_that_the_api_rejects() {
    for (text, wanted) in [
        ("", "a limit must begin with a number"),
        ("usd", "a limit must begin with a number"),
        ("-5 usd", "a limit must begin with a number"),
        ("500", "unit is missing"),
        ("500/month", "unit is missing"),
        ("0 usd", "at least 1"),
        ("12.50 usd/month", "whole dollars"),
        ("0.5 usd", "whole dollars"),
        ("99 tokens", "at least 100"),
        ("1,5 usd", "is not a number"),
        ("1. usd", "is not a number"),
        ("1.2.3 usd", "is not a number"),
        ("12345678901234567890 usd", "too large"),
        ("10 eur/month", "US dollars, not in eur"),
        ("10 usd/hour", "set a rate"),
        ("10 usd/366 days", "1 to 365 days"),
        ("10 usd/0 days", "1 to 365 days"),
        ("10 usd/30", "one number too many"),
        ("10 usd tokens", "unknown word `tokens`"),
        ("10 usd/month/week", "unknown word `week`"),
        ("10 usd/fortnight", "unknown word `fortnight`"),
        ("10 usd/3 months", "unknown word `months`"),
        ("10 usd/60 weeks", "1 to 365 days"),
        ("1.000 usd", "write 1000 or 1;"),
        ("1.500 usd/month", "write 1500 or 1.5;"),
        ("$5 usd", "unknown word `usd`"),
        ("10mtokens", "unknown word `mtokens`"),
    ] {
        let why = Budget::parse(text).expect_err(text);
        assert!(why.contains(wanted), "{text}: {why}");
    }
}

#[test]
fn rates_as_people_write_them() {
    for (text, shown, unit) in [
        ("100/min", "100 requests/min", "rpm"),
        ("100 per minute", "100 requests/min", "rpm"),
        ("100 rpm", "100 requests/min", "rpm"),
        ("1 rpm", "1 request/min", "rpm"),
        ("1 token/s", "1 token/s", "rps"),
        ("100rpm", "100 requests/min", "rpm"),
        ("5 req/s", "5 requests/s", "rps"),
        ("5k requests/day", "5k requests/day", "rpd"),
        ("100k tokens/hour", "100k tokens/hour", "rph"),
        ("100k tph", "100k tokens/hour", "rph"),
        ("1,000 tokens a week", "1k tokens/week", "rpw"),
    ] {
        let rate = Rate::parse(text).unwrap_or_else(|why| panic!("{text}: {why}"));
        assert_eq!(rate.to_string(), shown, "{text}");
        assert_eq!(Rate::parse(shown).as_ref(), Ok(&rate), "{shown}");
        let json = rate.to_json();
        assert_eq!(json["unit"], unit);
        assert_eq!(Rate::read_all(&json), std::slice::from_ref(&rate));
        assert_eq!(Rate::read_all(&json!([json])), [rate]);
    }
    for (text, wanted) in [
        ("", "must begin with a number"),
        ("100", "period is missing"),
        ("0/min", "refuse every request"),
        ("1.5/min", "whole number"),
        ("1.000/min", "write 1000 or 1;"),
        ("100/month", "set a budget"),
        ("$5/min", "requests or tokens"),
        ("100 usd/min", "set a budget"),
        ("100 tokens rpm", "unknown word `rpm`"),
        ("100 rpx", "unknown word `rpx`"),
        ("100/min/h", "unknown word `h`"),
    ] {
        let why = Rate::parse(text).expect_err(text);
        assert!(why.contains(wanted), "{text}: {why}");
    }
}

#[test]
fn rates_are_checked_for_their_holder() {
    let rates = |texts: &[&str]| -> Vec<Rate> {
        texts
            .iter()
            .map(|text| Rate::parse(text).unwrap())
            .collect()
    };
    let all = rates(&["1/s", "1/min", "1/h", "1/day", "1/week", "1k tokens/min"]);
    assert_eq!(check_rates(&all, Holder::Key), Ok(()));
    assert_eq!(
        check_rates(&rates(&["1/min", "1k tokens/min"]), Holder::Provider),
        Ok(())
    );
    for (texts, holder, wanted) in [
        (&["1/s"][..], Holder::Provider, "per minute, hour or day"),
        (&["1/week"], Holder::Provider, "per minute, hour or day"),
        (
            &["1/min", "2 rpm"],
            Holder::Key,
            "already a rate of this kind",
        ),
    ] {
        let why = check_rates(&rates(texts), holder).unwrap_err();
        assert!(why.contains(wanted), "{why}");
    }
}

#[test]
fn alerts_are_percentages_or_amounts() {
    let budget = Budget::parse("500 usd/month").unwrap();
    for (text, at) in [
        ("80%", 400),
        ("100 %", 500),
        ("1%", 5),
        ("400", 400),
        ("500", 500),
    ] {
        assert_eq!(AlertAt::parse(text).unwrap().of(&budget), Ok(at), "{text}");
    }
    let small = Budget::parse("1 usd").unwrap();
    assert_eq!(AlertAt::parse("50%").unwrap().of(&small), Ok(1));
    for text in ["", "0", "0%", "101%", "x%", "400 usd", "1.5"] {
        assert!(AlertAt::parse(text).is_err(), "{text}");
    }
    let why = AlertAt::Amount(501).of(&budget).unwrap_err();
    assert_eq!(
        why,
        "an alert at 501 would never be sent: the budget is 500 usd/month"
    );
    assert_eq!(budget.to_json(Some(400), false)["alert_threshold"], 400);
    assert_eq!(read::alert_at(&budget.to_json(Some(400), true)), Some(400));
}

#[test]
fn an_alert_keeps_its_share_of_another_budget() {
    let budget = |text| Budget::parse(text).unwrap();
    for (at, before, after, kept) in [
        (80, "100 usd", "200 usd", 160),
        (16, "20 usd/month", "10M tokens/week", 8_000_000),
        (1, "100 usd", "10 usd", 1),
        (900, "100 usd", "10 usd", 10),
    ] {
        assert_eq!(
            AlertAt::kept(at, &budget(before), &budget(after)),
            kept,
            "{before}"
        );
    }
}

/// Portkey may return values that this release doesn't know.
#[test]
fn limits_are_parsed_leniently() {
    for (json, shown) in [
        (
            json!({ "credit_limit": 10.0, "type": "cost" }),
            Some("10 usd in total"),
        ),
        (
            json!({ "credit_limit": 12.5, "type": "cost", "periodic_reset": "weekly" }),
            Some("12.5 usd/week"),
        ),
        (
            json!({ "credit_limit": 5000, "type": "requests", "periodic_reset_days": 7 }),
            Some("5k requests/7 days"),
        ),
        (json!({ "credit_limit": 5 }), Some("5 usd in total")),
        (json!([]), None),
        (json!(null), None),
        (json!({ "type": "cost" }), None),
    ] {
        let read = Budget::read(&json).map(|budget| budget.to_string());
        assert_eq!(read.as_deref(), shown, "{json}");
    }
    let odd = json!([{ "type": "images", "unit": "rpy", "value": 3.0 }, { "value": 1 }, null]);
    let shown: Vec<String> = Rate::read_all(&odd).iter().map(Rate::to_string).collect();
    assert_eq!(shown, ["3 images (rpy)"]);
}
