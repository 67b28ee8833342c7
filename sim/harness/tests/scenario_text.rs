//! Whatever the text, reading it ends with a scenario or with mistakes.

use pptp_harness::scenario::{parse_str, render_all, vocabulary};
use proptest::prelude::*;

/// Reads the text and shows what is wrong with it.
fn read(text: &str) {
    match parse_str(text) {
        Ok(Some(linted)) => {
            for index in 0..linted.cases.min(3) {
                linted.file.case(index).expect("checked");
            }
        }
        Ok(None) => {}
        Err(mistakes) => {
            assert!(!mistakes.is_empty(), "refused without a reason: {text:?}");
            assert!(!render_all(&mistakes, false).is_empty());
        }
    }
}

/// Words, signs and values of the language, and some that are none.
fn piece() -> impl Strategy<Value = String> {
    let mut words: Vec<String> = vocabulary::entries()
        .into_iter()
        .map(|entry| entry.name)
        .collect();
    words.extend(
        [
            "pns",
            "pac",
            "->",
            "~>",
            "{",
            "}",
            "{ ",
            " }\n",
            "\n",
            ";",
            "\\\n",
            "=",
            "=1",
            "=c1",
            "=\"20ms\"",
            "=\"1|3\"",
            "=\"5%\"",
            "=$x",
            "=#true",
            "$x",
            "\"1..5\"",
            "0x10",
            "5",
            "-1",
            "#null",
            "call=c1",
            "role=PNS",
            "role=PAC",
            "/*",
            "*/",
            "//",
            "/-",
            "\"",
            "\"\"\"",
            "#\"",
            "\"#",
            "(u8)",
            "1.5",
            "99999999999999999999999",
            "\u{f6}",
            "\u{2028}",
            "node pns role=PNS\n",
            "node pac role=PAC\n",
            "link pns pac {\n",
            "flow {\n",
            "scenario \"x\" {\n",
            "finally {\n",
            "matrix { x 1 2; }\n",
            "any {\nbranch {\n",
            "parallel {\ntrack {\n",
            "repeat 3 index=i {\n",
            "fragment a=1 {\n",
        ]
        .map(str::to_owned),
    );
    prop::sample::select(words)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_characters_are_read_without_a_panic(text in "\\PC{0,200}|[ -~\n]{0,400}") {
        read(&text);
    }

    #[test]
    fn any_words_of_the_language_are_read_without_a_panic(words in prop::collection::vec(piece(), 0..60)) {
        read(&words.join(" "));
    }

    #[test]
    fn any_flow_between_two_nodes_is_read_without_a_panic(words in prop::collection::vec(piece(), 0..40)) {
        read(&format!(
            "scenario \"x\" {{\nnode pns role=PNS\nnode pac role=PAC\nlink pns pac\nflow {{\n{}\n}}\n}}\n",
            words.join(" ")
        ));
    }

    #[test]
    fn any_change_of_a_good_file_is_read_without_a_panic(position in 0_usize..10_000, length in 0_usize..40, new in piece()) {
        let good = include_str!("data/everything.kdl");
        let floor = |mut at: usize| {
            at = at.min(good.len());
            while !good.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let (from, to) = (floor(position), floor(position + length));
        read(&format!("{}{new}{}", &good[..from], &good[to..]));
    }
}

#[test]
fn every_prefix_of_a_good_file_is_read_without_a_panic() {
    let good = include_str!("data/everything.kdl").trim_end();
    for end in (0..good.len())
        .step_by(41)
        .filter(|end| good.is_char_boundary(*end))
    {
        assert!(parse_str(&good[..end]).is_err());
        read(&good[..end]);
    }
}

/// What a hostile file may grow is bounded: the reading of each ends with one clear mistake or a few.
#[test]
fn hostile_files_meet_a_limit() {
    let around = |flow: &str| {
        format!(
            "scenario \"x\" {{\nnode pns role=PNS\nnode pac role=PAC\nlink pns pac\nflow {{\n{flow}\n}}\n}}\n"
        )
    };
    let hostile = [
        ("braces", "a {\n".repeat(100_000), "too-deep"),
        ("comments", "/*".repeat(100_000), "too-deep"),
        ("cases", around("end").replace("node pns", "matrix { a \"0..18446744073709551615\"; b \"0..18446744073709551615\"; }\nnode pns"), "too-much"),
        ("turns", around("repeat 18446744073709551615 { wait for=\"1s\"; }"), "too-much"),
        ("nested turns", around(&format!("{}wait for=\"1s\";{}", "repeat 1000 {\n".repeat(20), "}\n".repeat(20))), "too-much"),
        ("empty nested turns", around(&format!("{}end\n{}", "repeat 9999 {\n".repeat(20), "}\n".repeat(20))), "too-much"),
        ("a long line", around(&"pns ".repeat(100_000)), "line-too-long"),
        ("a long text", around(&format!("do pns place-call phone-number=\"{}\"", "5".repeat(500_000))), "line-too-long"),
        ("a long file", "// nothing\n".repeat(200_000), "not-read"),
        ("many mistakes", around(&"banana\n".repeat(9_000)), "unknown-word"),
        ("many nodes", around("end").replace("link pns pac", &(0..3000).map(|n| format!("node n{n} role=PAC\n")).collect::<String>()), "too-much"),
        ("many steps", around(&"pns -> pac Echo-Request\n".repeat(12_000)), "too-much"),
        ("many lines in many cases", around(&"pns -> pac Echo-Request\n".repeat(3_000)).replace("node pns", "matrix { a \"1..20000\"; }\nnode pns"), "too-much"),
    ];
    for (what, text, code) in hostile {
        let mistakes = parse_str(&text).expect_err(what);
        assert!(
            mistakes.iter().any(|mistake| mistake.code == code),
            "{what}: {:?}",
            mistakes
                .iter()
                .map(|mistake| mistake.code)
                .collect::<Vec<_>>()
        );
        assert!(mistakes.len() <= 100, "{what}");
        let shown = render_all(&mistakes, false);
        assert!(shown.len() < 200_000, "{what}: {} octets", shown.len());
    }
}

/// The deepest that is allowed fits the stack of a test's thread; fragments within fragments add up.
#[test]
fn the_deepest_nesting_fits_the_stack() {
    use pptp_harness::scenario::{lint_file, load::MemoryLoader};
    let nodes = "node pns role=PNS\nnode pac role=PAC\nlink pns pac\n";
    let inner = |last: &str| {
        format!(
            "{}{last}\n{}",
            "silent pns -> pac GRE {\n".repeat(60),
            "}\n".repeat(60)
        )
    };
    let mut loader = MemoryLoader::default();
    let flow = inner("include \"f0.kdl\"");
    loader.files.insert(
        "a.kdl".into(),
        format!("scenario \"x\" {{\n{nodes}flow {{\n{flow}}}\n}}\n"),
    );
    for number in 0..20 {
        let next = format!("include \"f{}.kdl\"", number + 1);
        loader.files.insert(
            format!("f{number}.kdl"),
            format!("fragment {{\n{}}}\n", inner(&next)),
        );
    }
    loader
        .files
        .insert("f20.kdl".into(), "fragment {\nwait for=\"1s\"\n}\n".into());
    let mistakes = lint_file("a.kdl", &loader).expect_err("too deep together");
    assert_eq!(mistakes[0].code, "too-deep");
    loader
        .files
        .insert("f0.kdl".into(), "fragment {\nwait for=\"1s\"\n}\n".into());
    assert!(lint_file("a.kdl", &loader).is_ok());
}
