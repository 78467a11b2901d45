use snapbox::str;

use crate::support::home::Home;

#[test]
fn the_example_is_written_once() {
    let home = Home::new();
    home.run(&["team", "init"]).expect(
        0,
        str![[r#"
Wrote team.json5

"#]],
        str![[r#"
  on a developer's machine: openclaw-portkey init --from team.json5
  check a config: openclaw-portkey lint --policy team.json5

"#]],
    );
    let example = home.read("team.json5");
    home.fails(&["team", "init"], 2).says(
        "",
        str![[r#"
error: team.json5 already exists; nothing was written
  → choose another file

"#]],
    );
    home.run(&["team", "init", "-", "--quiet"])
        .expect(0, example.clone(), str![]);
    let document = home
        .run(&["team", "init", "my team/x.json5", "--format", "json"])
        .status(0);
    assert_eq!(document.json()["action"], "init");
    assert_eq!(document.json()["text"], example);
    assert_eq!(home.read("my team/x.json5"), example);
    // It is a valid team file.
    home.run(&[
        "init",
        "--from",
        "team.json5",
        "--offline",
        "--yes",
        "--quiet",
    ])
    .status(0);
    home.run(&["lint", "--policy", "team.json5", "--fail-on", "warning"])
        .status(0);
}

#[test]
fn problems_are_reported_with_their_location() {
    let home = Home::new();
    home.write(
        "team.json5",
        "// Ours.\n{\n  keys: {\n    alice: { bugdet: \"20 usd/month\", rate: 60 },\n  },\n  openclaw: { models: [\"gpt-5\"] },\n}\n",
    );
    for args in [
        &["lint", "--policy", "team.json5", "team.json5"][..],
        &["init", "--from", "team.json5", "--offline", "--yes"],
    ] {
        home.fails(args, 2).says(
            "",
            str![[r#"
error[team-key-missing]: key `alice` has no owner
 --> team.json5:4:5
  |
4 |     alice: { bugdet: "20 usd/month", rate: 60 },
  |     ^^^^^
  |
  = note: keys.alice
  = help: add `user`, `service` or `agent`

error[team-key-unknown]: unknown key `bugdet`
 --> team.json5:4:14
  |
4 |     alice: { bugdet: "20 usd/month", rate: 60 },
  |              ^^^^^^
  |
  = note: keys.alice.bugdet
  = help: did you mean `budget`?

error[team-type]: `rate` is a string or a list of strings, not a number
 --> team.json5:4:44
  |
4 |     alice: { bugdet: "20 usd/month", rate: 60 },
  |                                            ^^
  |
  = note: keys.alice.rate
  = help: write a string or a list of strings

error[team-value]: `gpt-5` lacks the provider slug
 --> team.json5:6:24
  |
6 |   openclaw: { models: ["gpt-5"] },
  |                        ^^^^^^^
  |
  = note: openclaw.models[0]
  = help: write @openai/gpt-5 (the part after @ is the slug in your Model
          Catalog)

error: team.json5 has 4 errors; nothing was done
  at team.json5:4:5
  → fix the file and run the command again

"#]],
        );
    }
    let failed = home.fails(
        &["init", "--from", "team.json5", "--yes", "--format", "json"],
        2,
    );
    let error = &failed.json()["error"];
    assert_eq!(
        error["message"],
        "team.json5 has 4 errors; nothing was done"
    );
    assert_eq!(error["location"]["line"], 4);
    assert_eq!(error["location"]["column"], 5);
}

#[test]
fn a_file_that_cannot_be_read() {
    let home = Home::new();
    home.write("broken.json5", "{ keys: { 'a': \"canary\" \n");
    home.write("empty.json5", "");
    for (file, want) in [
        (
            "none.json5",
            str![[r#"
error: none.json5 does not exist
  → `openclaw-portkey team init` writes an example

"#]],
        ),
        (
            "broken.json5",
            str![[r#"
error: this `{` has no closing `}`
 --> broken.json5:1:9
  |
1 | { keys: { '*': "******" 
  |         ^
  → fix the syntax and run the command again

"#]],
        ),
        (
            "empty.json5",
            str![[r#"
error: the text contains no value
  at empty.json5:1:1
  → fix the syntax and run the command again

"#]],
        ),
    ] {
        home.fails(&["lint", "--policy", file, "empty.json5"], 2)
            .says("", want);
    }
}
