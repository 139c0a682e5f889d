# bash completion for talkvalue

_talkvalue_completion() {
    local kind value current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=()
    while IFS=$'\t' read -r kind value; do
        case $kind in
            plain)
                COMPREPLY+=("$value")
                # a value may follow at once
                [[ $value == *= ]] && compopt -o nospace 2>/dev/null
                ;;
            file)
                compopt -o filenames 2>/dev/null
                while IFS= read -r value; do COMPREPLY+=("$value"); done \
                    < <(compgen -f -- "${current#=}")
                ;;
            dir)
                compopt -o filenames 2>/dev/null
                while IFS= read -r value; do COMPREPLY+=("$value"); done \
                    < <(compgen -d -- "${current#=}")
                ;;
        esac
    done < <(_TALKVALUE_COMPLETE=bash_complete COMP_LINE="${COMP_LINE:0:COMP_POINT}" \
        COMP_TYPE="$COMP_TYPE" COMP_WORDBREAKS="$COMP_WORDBREAKS" \
        "${1/#\~/$HOME}" 2>/dev/null </dev/null)
}

# bash before 4.4 sorts by itself
complete -o nosort -F _talkvalue_completion talkvalue 2>/dev/null ||
    complete -F _talkvalue_completion talkvalue
