//! Runs every command in the `sh` blocks of the README and the docs, each block in a temporary home
//! that is wired to a loopback Portkey. Commands that aren't run are listed here with the reason.
use crate::support::home::Home;
use crate::support::portkey::{Portkey, Script};
use openclaw_portkey::cli;

/// The pages. Those on JSON and gateway configs have their own tests.
const PAGES: &[(&str, &str)] = &[
    ("README.md", include_str!("../../README.md")),
    ("docs/ci.md", include_str!("../../docs/ci.md")),
    ("docs/commands.md", COMMANDS),
    ("docs/install.md", include_str!("../../docs/install.md")),
    ("docs/keys.md", include_str!("../../docs/keys.md")),
    ("docs/models.md", include_str!("../../docs/models.md")),
    (
        "docs/self-hosted.md",
        include_str!("../../docs/self-hosted.md"),
    ),
    ("docs/teams.md", include_str!("../../docs/teams.md")),
];

const COMMANDS: &str = include_str!("../../docs/commands.md");

const KEY: &str = "pk-test-0123456789abcdef";
const MODEL: &str = "@gemini/gemini-2.5-flash";

/// Commands that aren't run, by their prefix, and why.
const NOT_RUN: &[(&str, &str)] = &[
    ("cargo test --locked", "it is what runs this"),
    (
        "cargo run --release --locked --example playground",
        "a release build; `init`, `show` and `undo` are run here",
    ),
    (
        "cargo install ",
        "a release build, which `scripts/package` makes",
    ),
    (
        "npm install --global openclaw-portkey",
        "`scripts/package` installs it from a registry on loopback",
    ),
    (
        "brew install ",
        "`scripts/package` installs the formula without Homebrew, which is not everywhere",
    ),
    ("tap=", "the tap is Homebrew's"),
    ("mkdir -p \"$tap\"", "the tap is Homebrew's"),
    (
        "rustup target add x86_64-unknown-linux-musl",
        "it needs the network",
    ),
    ("CC_x86_64_unknown_linux_musl=musl-gcc", "a release build"),
    ("docker ", "it needs a Docker daemon"),
];

/// Commands that exit with 1 if they find something.
const CHECKS: &[&str] = &["lint", "doctor"];

/// Commands that write, and so ask, only with a certain flag.
const WRITES_WITH: &[(&str, &str)] = &[("models", "--sync"), ("doctor", "--fix")];

/// The commands of each block without comments, with continued lines joined.
fn blocks(text: &str) -> Vec<Vec<String>> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim() != "```sh" {
            continue;
        }
        let block: Vec<&str> = lines
            .by_ref()
            .take_while(|line| line.trim() != "```")
            .collect();
        let block = block.join("\n").replace("\\\n", " ");
        let commands = block
            .lines()
            .map(without_comment)
            .filter(|line| !line.is_empty());
        blocks.push(commands.map(str::to_owned).collect());
    }
    blocks
}

/// The blocks of all pages.
fn all_blocks() -> impl Iterator<Item = (&'static str, Vec<String>)> {
    let of_page = |(name, text): &(&'static str, &str)| {
        let name = *name;
        blocks(text)
            .into_iter()
            .map(move |block| (name, block))
            .collect::<Vec<_>>()
    };
    PAGES.iter().flat_map(of_page)
}

fn without_comment(line: &str) -> &str {
    let end = if line.starts_with('#') {
        0
    } else {
        line.find(" #").unwrap_or(line.len())
    };
    line[..end].trim()
}

/// The words of a command up to a pipe or a redirection.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in command.chars().chain([' ']) {
        match (quote, c) {
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            (None, '|' | '>' | '<') => break,
            (None, ' ') if word.is_empty() => {}
            (None, ' ') => words.push(std::mem::take(&mut word)),
            _ => word.push(c),
        }
    }
    words
}

/// The arguments on a line for this program; `None` if the line runs another one.
fn arguments(command: &str) -> Option<Vec<String>> {
    let words = words(command);
    let is_ours = |word: &String| word == "openclaw-portkey";
    match words.first()?.as_str() {
        "openclaw-portkey" => Some(words[1..].to_vec()),
        "npx" => Some(words[words.iter().position(is_ours)? + 1..].to_vec()),
        "cargo" if words.get(1)? == "run" && !words.contains(&"--example".to_owned()) => {
            let dashes = words.iter().position(|word| word == "--")?;
            Some(words[dashes + 1..].to_vec())
        }
        _ => None,
    }
}

/// The arguments, plus those that replace the reader and their Portkey.
fn answered(mut args: Vec<String>, base_url: &str) -> Vec<String> {
    let name = args[0].clone();
    let command = cli::command();
    let command = command.find_subcommand(&name);
    let takes = |id: &str| {
        command.is_some_and(|command| command.get_arguments().any(|arg| arg.get_id() == id))
    };
    let switch = WRITES_WITH.iter().find(|(command, _)| *command == name);
    let asks = takes("yes") && switch.is_none_or(|(_, flag)| args.iter().any(|arg| arg == flag));
    // A team file includes models and a base URL.
    let from_team = args.iter().any(|arg| arg == "--from");
    let mut add = |flag: &str, value: Option<&str>| {
        if !args
            .iter()
            .any(|arg| arg == flag || (flag == "--yes" && arg == "-y"))
        {
            args.push(flag.to_owned());
            args.extend(value.map(str::to_owned));
        }
    };
    if asks {
        add("--yes", None);
    }
    if takes("base_url") && !from_team {
        add("--base-url", Some(base_url));
    }
    if name == "init" && from_team {
        add("--offline", None);
    } else if name == "init" {
        add("--model", Some(MODEL));
    }
    if let Some(at) = args.iter().position(|arg| arg == "--base-url") {
        base_url.clone_into(&mut args[at + 1]);
    }
    args
}

fn wired_home(base_url: &str) -> Home {
    let config = include_str!("../../fixtures/wired.json5");
    let config = config.replace("https://api.portkey.ai/v1", base_url);
    let home = Home::with(&config).var("PORTKEY_API_KEY", KEY);
    for file in ["openclaw.json", "openclaw.json5", "deploy/openclaw.json"] {
        home.write(file, &config);
    }
    home
}

#[test]
fn every_command_works() {
    let script = Script::new(KEY)
        .models([MODEL, "@mistral/open-mixtral-8x7b", "@openai-prod/gpt-5"])
        .config("pc-abc-123456");
    let portkey = Portkey::start(script).unwrap();
    let mut ran = 0;
    for (page, block) in all_blocks() {
        let home = wired_home(&portkey.base_url());
        if !block.iter().any(|command| command.contains("team init")) {
            home.write("team.json5", openclaw_portkey::team::EXAMPLE);
        }
        for command in block {
            if NOT_RUN.iter().any(|(start, _)| command.starts_with(start)) {
                continue;
            }
            let Some(args) = arguments(&command) else {
                panic!("{page}: `{command}` is neither run nor listed in NOT_RUN");
            };
            let worst = i32::from(CHECKS.contains(&args[0].as_str()));
            let input = command.split_once(" < ").map(|(_, file)| home.read(file));
            let args = answered(args, &portkey.base_url());
            let result = home.run_with_input(&args, &input.unwrap_or_default());
            assert!(
                (0..=worst).contains(&result.status),
                "{page}: `{command}` ended with {}\n{}{}",
                result.status,
                result.stdout,
                result.stderr
            );
            ran += 1;
        }
    }
    assert!(ran > 50, "only {ran} commands were found");
}

#[test]
fn skipped_commands_are_on_a_page() {
    let commands: Vec<String> = all_blocks().flat_map(|(_, block)| block).collect();
    for (start, _) in NOT_RUN {
        assert!(
            commands.iter().any(|command| command.starts_with(start)),
            "`{start}` is in no page"
        );
    }
}

#[test]
fn parses_a_block() {
    let text = "```sh\n# a comment\nopenclaw-portkey explain '4 | 2' \\\n  \"x\"  # why\n\nnpx -y openclaw-portkey man | man -l -\n```\n```json\n{}\n```";
    let commands = blocks(text).concat();
    let args: Vec<_> = commands.iter().map(|command| arguments(command)).collect();
    let expected = [vec!["explain", "4 | 2", "x"], vec!["man"]];
    for (found, expected) in args.iter().zip(expected) {
        assert_eq!(found.as_ref().unwrap(), &expected);
    }
    assert_eq!(args.len(), 2);
    assert_eq!(arguments("brew install x"), None);
}

/// The commands of each row in the table of shared flags.
fn shared_flags() -> Vec<(&'static str, Vec<&'static str>)> {
    let cells = |line: &'static str| -> Vec<&'static str> {
        let quoted = line.split('`').skip(1).step_by(2);
        quoted.collect()
    };
    COMMANDS
        .lines()
        .skip_while(|line| *line != "| flag | commands |")
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells = cells(line);
            (cells[0], cells[1..].to_vec())
        })
        .collect()
}

#[test]
fn the_table_of_shared_flags_is_correct() {
    let mut root = cli::command();
    root.build();
    let table = shared_flags();
    assert!(table.len() > 5, "{table:?}");
    for (flag, commands) in table {
        let long = flag.trim_start_matches("--");
        let takes = |command: &clap::Command| {
            command.get_arguments().any(|arg| {
                let names = arg.get_long_and_visible_aliases().unwrap_or_default();
                !arg.is_hide_set() && names.contains(&long)
            })
        };
        let mut actual: Vec<&str> = root
            .get_subcommands()
            .filter(|command| !command.is_hide_set() && takes(command))
            .map(clap::Command::get_name)
            .collect();
        let mut claimed = commands;
        actual.sort_unstable();
        claimed.sort_unstable();
        assert_eq!(claimed, actual, "{flag}");
    }
}
