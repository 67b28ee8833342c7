use super::*;

fn read(text: &str) -> (Vec<RawNode>, Vec<Diagnostic>) {
    let mut sources = Sources::default();
    let file = sources.add("a.kdl", text.into());
    let mut mistakes = Mistakes::default();
    let nodes = parse(&sources, file, &mut mistakes);
    (nodes, mistakes.into_sorted())
}

/// The tree without places: `name(entries){children}`.
fn shape(nodes: &[RawNode]) -> String {
    nodes
        .iter()
        .filter(|node| node.readable)
        .map(|node| {
            let entries: Vec<String> = node
                .entries
                .iter()
                .map(|entry| match &entry.key {
                    Some(key) => format!("{}={:?}", key.text, entry.value.datum),
                    None => format!("{:?}", entry.value.datum),
                })
                .collect();
            let children = node
                .children
                .as_ref()
                .map_or(String::new(), |children| format!("{{{}}}", shape(children)));
            format!("{}({}){children};", node.name.text, entries.join(","))
        })
        .collect()
}

/// The same shape as the `kdl` crate reads the whole text.
fn shape_by_kdl(document: &kdl::KdlDocument) -> String {
    document
        .nodes()
        .iter()
        .map(|node| {
            let line = raw::from_document(
                &kdl::KdlDocument::parse_v2(&{
                    let mut head = node.clone();
                    head.set_children(kdl::KdlDocument::new());
                    head.clear_children();
                    head.to_string()
                })
                .expect("one line of a good document is good"),
                0,
                0,
            );
            let mut text = shape(&line);
            if let Some(children) = node.children() {
                text.pop();
                text.push_str(&format!("{{{}}};", shape_by_kdl(children)));
            }
            text
        })
        .collect()
}

const AWKWARD: &str = r####"
// comment { with brace
a 1 x="two { } ; // not a comment" /* { */ "th\"ree" {
    b; c { d 0x0100 #true $e }
    /- gone { x; y { z } }
    f \
      continued=1 \ // comment behind the sign
      again=2
    g /-{
        hidden
    }
    "quoted name" #"raw " { text"# ##"a "# b"##
    h """
      several
      { lines
      """
}
i /- dropped kept ; j
/* a { comment
   /* of two */ levels */ k { }
"####;

#[test]
fn blocks_and_lines_are_those_that_the_kdl_crate_finds() {
    let (nodes, mistakes) = read(AWKWARD);
    assert_eq!(mistakes, []);
    let whole = kdl::KdlDocument::parse_v2(AWKWARD).expect("a good document");
    assert_eq!(shape(&nodes), shape_by_kdl(&whole));
    assert!(shape(&nodes).contains("f(continued=Number(1),again=Number(2))"));
}

#[test]
fn places_point_into_the_whole_file() {
    let text = "\u{feff}first\nscenario \"x\" {\n  node pns role=PNS\n}\n";
    let mut sources = Sources::default();
    let file = sources.add("a.kdl", text.into());
    let mut mistakes = Mistakes::default();
    let nodes = parse(&sources, file, &mut mistakes);
    assert!(mistakes.is_empty());
    let node = &nodes[1].children.as_ref().expect("a block")[0];
    assert_eq!(sources.text(node.head), "node pns role=PNS");
    assert_eq!(sources.text(node.entries[1].value.span), "PNS");
    assert_eq!(sources.location(node.head).to_string(), "a.kdl:3:3");
}

#[test]
fn one_wrong_line_does_not_hide_the_others() {
    let (nodes, mistakes) = read("a {\n b delay=20ms\n c\n d x=true {\n e\n }\n f\n}\n");
    assert_eq!(mistakes.len(), 2, "{mistakes:?}");
    assert_eq!(shape(&nodes), "a(){c();f();};");
}

#[test]
fn mistakes_of_structure_are_found() {
    for (text, message) in [
        ("a {\n b\n", "this block is never closed"),
        ("a\n}\n", "this brace closes nothing"),
        ("a\n{\n}\n", "this block belongs to no line"),
        ("a { } b\n", "after a block comes a new line"),
        ("a /* b\n", "this comment never ends"),
        ("a \"\"\"\nb\n", "this text never ends"),
        ("a \"b\n", "this text has no closing quote"),
        ("a (u8)5\n", "types in brackets mean nothing in a scenario"),
        ("(u8)a 5\n", "types in brackets mean nothing in a scenario"),
    ] {
        let (_, mistakes) = read(text);
        assert_eq!(mistakes.len(), 1, "{text:?}: {mistakes:?}");
        assert_eq!(mistakes[0].message, message, "{text:?}");
    }
}

#[test]
fn nesting_is_limited() {
    let fits = "a {\n".repeat(MAXIMUM_NESTING) + &"}\n".repeat(MAXIMUM_NESTING);
    assert_eq!(read(&fits).1, []);
    let deep = "a {\n".repeat(100_000);
    let (_, mistakes) = read(&deep);
    assert!(mistakes.iter().any(|found| found.code == "too-deep"));
}

#[test]
fn no_amount_of_anything_overflows_the_stack() {
    for piece in [
        "{", "}", "\"", "#", "#\"", "/*", "*/", "\\", "/-", "(", ")", "=", "a=", ";=", "\\\n",
        "a {", "} ", "a /-{", "\"\"\"", "\u{feff}", "\\q", "1..2 ", "a\n", "[", ") ",
    ] {
        let text = piece.repeat(30_000);
        let (_, mistakes) = read(&text);
        assert!(mistakes.len() <= crate::scenario::diagnostic::MAXIMUM_DIAGNOSTICS);
        let quoted = format!("a \"{}\"", piece.repeat(5_000));
        let _ = read(&quoted);
    }
}
