# Completion of openclaw-portkey for Bash 3.2 and later. The program itself provides the candidates.
_openclaw_portkey() {
    COMPREPLY=()
    local words=() current before value
    read -ra words <<<"${COMP_LINE:0:COMP_POINT}"
    # Assignments and the like may precede the program.
    while [[ ${#words[@]} -gt 0 && ${words[0]} != "$1" ]]; do
        words=("${words[@]:1}")
    done
    [[ ${#words[@]} -gt 0 ]] || return
    case ${COMP_LINE:0:COMP_POINT} in
        *[[:space:]]) words+=("") ;;
    esac
    current=${words[${#words[@]} - 1]}
    # Bash treats @, : and = as word breaks, and replaces only the text after the last one.
    before=${current%"$2"}
    while IFS=$'\t' read -r value _; do
        COMPREPLY+=("${value#"$before"}")
    done < <("${1/#\~/$HOME}" __tab -- "${words[@]:1}" 2>/dev/null)
}
complete -o default -o nosort -F _openclaw_portkey openclaw-portkey 2>/dev/null ||
    complete -o default -F _openclaw_portkey openclaw-portkey
