#compdef talkvalue
# zsh completion for talkvalue

_talkvalue() {
    local kind value help files
    local -a plain
    while IFS=$'\t' read -r kind value help; do
        case $kind in
            plain) plain+=("${value//:/\\:}${help:+:$help}") ;;
            file) files=file ;;
            dir) files=dir ;;
        esac
    done < <(_TALKVALUE_COMPLETE=zsh_complete COMP_LINE="$words[1,CURRENT-1] $PREFIX" \
        ${~words[1]} 2>/dev/null </dev/null)
    if [[ -n $files ]]; then
        compset -P '--*='
        if [[ $files == dir ]]; then _files -/; else _files; fi
    fi
    (( $#plain )) && _describe -V 'talkvalue' plain -U
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _talkvalue "$@"
else
    compdef _talkvalue talkvalue
fi
