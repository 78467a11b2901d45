# Completion of openclaw-portkey for fish. The program itself provides the candidates.
function __openclaw_portkey_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~' -- $HOME $words[1])
    set -l found ($program __tab -- $words[2..-1] "$current" 2>/dev/null)
    if set -q found[1]
        printf '%s\n' $found
    else
        __fish_complete_path "$current"
    end
end
complete -c openclaw-portkey -k -f -a '(__openclaw_portkey_complete)'
