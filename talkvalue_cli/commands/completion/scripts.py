"""What a shell has to know so that Tab completes our commands: a script for each."""

from __future__ import annotations

# Each script calls the program back with the line up to the cursor, and gets lines of
# kind<TAB>value<TAB>help; `completing` has the other side. Errors stay away from the line.

BASH = """\
# bash completion for talkvalue

_talkvalue_completion() {
    local kind value current="${COMP_WORDS[COMP_CWORD]}"
    COMPREPLY=()
    while IFS=$'\\t' read -r kind value; do
        case $kind in
            plain)
                COMPREPLY+=("$value")
                # a value may follow at once
                [[ $value == *= ]] && compopt -o nospace 2>/dev/null
                ;;
            file)
                compopt -o filenames 2>/dev/null
                while IFS= read -r value; do COMPREPLY+=("$value"); done \\
                    < <(compgen -f -- "${current#=}")
                ;;
            dir)
                compopt -o filenames 2>/dev/null
                while IFS= read -r value; do COMPREPLY+=("$value"); done \\
                    < <(compgen -d -- "${current#=}")
                ;;
        esac
    done < <(_TALKVALUE_COMPLETE=bash_complete COMP_LINE="${COMP_LINE:0:COMP_POINT}" \\
        COMP_TYPE="$COMP_TYPE" COMP_WORDBREAKS="$COMP_WORDBREAKS" \\
        "${1/#\\~/$HOME}" 2>/dev/null </dev/null)
}

# bash before 4.4 sorts by itself
complete -o nosort -F _talkvalue_completion talkvalue 2>/dev/null ||
    complete -F _talkvalue_completion talkvalue
"""

ZSH = """\
#compdef talkvalue
# zsh completion for talkvalue

_talkvalue() {
    local kind value help files
    local -a plain
    while IFS=$'\\t' read -r kind value help; do
        case $kind in
            plain) plain+=("${value//:/\\\\:}${help:+:$help}") ;;
            file) files=file ;;
            dir) files=dir ;;
        esac
    done < <(_TALKVALUE_COMPLETE=zsh_complete COMP_LINE="$words[1,CURRENT-1] $PREFIX" \\
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
"""

FISH = """\
# fish completion for talkvalue

function __talkvalue_complete
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    set -l program (commandline --tokenize --current-process --cut-at-cursor)[1]
    set -l word (commandline --current-token --cut-at-cursor)
    set -l answer (env _TALKVALUE_COMPLETE=fish_complete COMP_LINE="$line" \\
        $program 2>/dev/null </dev/null)
    for item in $answer
        set -l parts (string split --max 2 \\t -- $item)
        switch $parts[1]
            case plain
                printf '%s\\t%s\\n' $parts[2] "$parts[3]"
            case file dir
                # the part of the word that is not the path is put back before each
                set -l option (string match --regex -- '^--[^=]+=' $word)
                set -l path (string replace -- "$option" '' $word)
                for name in (complete --do-complete "'' $path")
                    printf '%s%s\\n' "$option" $name
                end
        end
    end
end

complete --command talkvalue --no-files --arguments '(__talkvalue_complete)'
"""

SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH}
