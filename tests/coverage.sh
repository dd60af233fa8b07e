#!/bin/sh
# Lines and branches that the tests of BUILD (a tree with --coverage) ran: a row a room.
set -eu
cd "$(dirname "$0")/.."
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
gcovr --root . --filter engine/ --filter models/ --csv "$folder/files.csv" "$1/obj"
awk -F , '
    NR == 1 {
        for (i = 1; i <= NF; i++)
            column[$i] = i
        next
    }
    {
        room = $column["filename"]
        sub(/\/[^\/]*$/, "", room)
        sub(/^engine\//, "", room)
        for (i = 0; i < 2; i++) {
            name = i ? "all" : room
            lines[name] += $column["line_total"]
            ran[name] += $column["line_covered"]
            branches[name] += $column["branch_total"]
            taken[name] += $column["branch_covered"]
        }
    }
    function percent(part, whole) {
        return whole ? sprintf("%5.1f %%", 100 * part / whole) : "-"
    }
    function row(name) {
        printf "%-12s %7d %8s %9d %8s\n", name, lines[name], percent(ran[name], lines[name]),
            branches[name], percent(taken[name], branches[name])
    }
    END {
        printf "%-12s %7s %8s %9s %8s\n", "room", "lines", "ran", "branches", "taken"
        count = split(order, rooms, " ")
        for (i = 1; i <= count; i++)
            if (rooms[i] in lines)
                row(rooms[i])
        row("all")
    }' order="$ROOMS cmd" "$folder/files.csv"
