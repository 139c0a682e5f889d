# fish completion for talkvalue

function __talkvalue_complete
    set -l line (commandline --current-process --cut-at-cursor | string collect)
    set -l program (commandline --tokenize --current-process --cut-at-cursor)[1]
    set -l word (commandline --current-token --cut-at-cursor)
    set -l answer (env _TALKVALUE_COMPLETE=fish_complete COMP_LINE="$line" \
        $program 2>/dev/null </dev/null)
    for item in $answer
        set -l parts (string split --max 2 \t -- $item)
        switch $parts[1]
            case plain
                printf '%s\t%s\n' $parts[2] "$parts[3]"
            case file dir
                # the part of the word that is not the path is put back before each
                set -l option (string match --regex -- '^--[^=]+=' $word)
                set -l path (string replace -- "$option" '' $word)
                for name in (complete --do-complete "'' $path")
                    printf '%s%s\n' "$option" $name
                end
        end
    end
end

complete --command talkvalue --no-files --arguments '(__talkvalue_complete)'
