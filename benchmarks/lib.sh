# What the scripts of this folder share; they set `build`, the folder of the program, and
# `here`, this one.

# compiled NAME: benchmarks/NAME.c as BUILD/benchmarks/NAME, with the build's own flags.
compiled() {
    mkdir -p "$build/benchmarks"
    compile=$(cut -d '|' -f 1 "$build/settings")
    link=$(cut -d '|' -f 2 "$build/settings")
    libraries=$(cut -d '|' -f 3 "$build/settings")
    eval "$compile" -c "$here/$1.c" -o "$build/benchmarks/$1.o"
    eval "$link" -o "$build/benchmarks/$1" "$build/benchmarks/$1.o" "$build/librebut.a" \
        "$libraries"
}
