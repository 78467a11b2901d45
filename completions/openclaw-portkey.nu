# Completion of openclaw-portkey for Nushell. The program itself provides the candidates.
# An existing external completer still completes everything else.
let openclaw_portkey_before = ($env.config.completions?.external?.completer?)
$env.config.completions.external.completer = {|spans|
    if $spans.0 == "openclaw-portkey" {
        let found = (^$spans.0 __tab -- ...($spans | skip 1) err> /dev/null | lines | split column "\t" value description)
        if ($found | is-empty) { null } else { $found }
    } else if $openclaw_portkey_before != null {
        do $openclaw_portkey_before $spans
    }
}
