#!/usr/bin/env bash
# Builds every fuzz target into $OUT, each with its seeds (TARGET_seed_corpus.zip), its options (TARGET.options) and the dictionary that
# these name, as OSS-Fuzz and ClusterFuzzLite expect them. $SRC/pptp-sim is the project; without $SRC it is the folder above this one.
# SANITIZER (address, none; default none) as they set it: everything but none takes the nightly toolchain.
# FUZZ_TARGETS: only these, separated by blanks.
set -euo pipefail

targets=(
    capture_reader
    control_decode
    control_round_trip
    differential
    endpoint
    field_tables
    framer
    gre_decode
    scenario_text
    world
)

if [ -n "${SRC:-}" ]; then cd "$SRC/pptp-sim"; else cd "$(dirname "$0")/.."; fi
: "${OUT:?where the targets go}"
mkdir -p "$OUT"

# The targets have no unsafe code, so what a sanitizer would find is rare; LTO takes longer than it saves.
export CARGO_PROFILE_RELEASE_LTO=off
options=(--sanitizer "${SANITIZER:-none}")
# All at once, or those that are asked for.
if [ -z "${FUZZ_TARGETS:-}" ]; then
    cargo fuzz build --release "${options[@]}"
else
    for target in $FUZZ_TARGETS; do cargo fuzz build --release "${options[@]}" "$target"; done
fi
for target in ${FUZZ_TARGETS:-"${targets[@]}"}; do
    cp "${CARGO_TARGET_DIR:-target}"/*-linux-gnu/release/"$target" "$OUT/"
    rm -f "$OUT/${target}_seed_corpus.zip"
    zip --quiet --junk-paths "$OUT/${target}_seed_corpus.zip" fuzz/corpus/"$target"/*
    cp "fuzz/options/$target.options" "$OUT/"
done
cp fuzz/dictionaries/*.dict "$OUT/"
