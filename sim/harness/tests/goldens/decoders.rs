//! The comparison with decoders, on what they printed once: `data/goldens` holds a golden, and what tshark 4.0.17, tcpdump 4.99.3 and
//! scapy 2.5.0 print of the capture that `goldens --check` makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pptp_harness::goldens::{
    Check, CheckError, DECODERS, Decoder, Findings, Said, known_disagreements,
};

fn data(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/goldens");
    fs::read(folder.join(name)).expect("a file of the data")
}

fn text(name: &str) -> String {
    String::from_utf8(data(name)).expect("text")
}

/// What is found where the decoder prints this.
fn found(decoder: Decoder, printed: &str) -> Result<Findings, CheckError> {
    found_in(decoder, printed, &text("incoming-call.pns.jsonl"))
}

fn found_in(decoder: Decoder, printed: &str, golden: &str) -> Result<Findings, CheckError> {
    let known = known_disagreements().expect("a table");
    let source = |_: &[u8]| -> Result<BTreeMap<u64, Said>, CheckError> {
        decoder.read(printed).map_err(CheckError::Output)
    };
    let mut check = Check::new(&source, &known);
    check.add("one", &data("incoming-call.pns.pcapng"), golden, decoder)?;
    check.finish(decoder)
}

fn printed(decoder: Decoder) -> String {
    text(&format!("{}.txt", decoder.name()))
}

#[test]
fn what_they_print_of_right_messages_agrees_in_every_field() {
    for decoder in DECODERS {
        let found = found(decoder, &printed(decoder)).expect("a check");
        assert_eq!((found.captures, found.frames, found.messages), (1, 51, 38));
        assert_eq!(found.new, [], "{}", decoder.name());
        assert!(found.known.is_empty());
    }
}

#[test]
fn a_wrong_value_is_found() {
    let planted = [
        (
            Decoder::Tshark,
            "\"pptp_identifier\":[\"",
            "\"pptp_identifier\":[\"9",
            "identifier",
        ),
        (
            Decoder::Tshark,
            "\"gre_sequence_number\":[\"1\"]",
            "\"gre_sequence_number\":[\"2\"]",
            "sequence-number",
        ),
        (
            Decoder::Tshark,
            "\"pptp_reserved\":[\"0000\",\"0000\"]",
            "\"pptp_reserved\":[\"0000\"]",
            "reserved",
        ),
        (
            Decoder::Tshark,
            "\"pptp_host_name\":[\"pac.sim\"]",
            "\"pptp_host_name\":[\"pac.sin\"]",
            "host-name",
        ),
        (Decoder::Tcpdump, "CRC_ERR(", "CRC_ERR(4", "crc-errors"),
        (
            Decoder::Tcpdump,
            "HOSTNAME(pac.sim)",
            "HOSTNAME(pac.sin)",
            "host-name",
        ),
        (
            Decoder::Tcpdump,
            "call 40574, seq 1, ",
            "call 40574, seq 2, ",
            "sequence-number",
        ),
        (
            Decoder::Tcpdump,
            "RECV_ACCM(0x",
            "RECV_ACCM(0x1",
            "receive-accm",
        ),
        (
            Decoder::Scapy,
            "[\"ctrl_msg_type\", 64, 16, \"1\"]",
            "[\"ctrl_msg_type\", 64, 16, \"2\"]",
            "message",
        ),
        (
            Decoder::Scapy,
            "[\"maximum_channels\", 192, 16, \"4\"]",
            "[\"maximum_channels\", 192, 16, \"5\"]",
            "maximum-channels",
        ),
        (
            Decoder::Scapy,
            "\"ack_number\", 64,",
            "\"ack_numbers\", 64,",
            "acknowledgment-number",
        ),
    ];
    for (decoder, right, wrong, field) in planted {
        let printed = printed(decoder);
        assert!(printed.contains(right), "{right}");
        let found = found(decoder, &printed.replacen(right, wrong, 1)).expect("a check");
        let fields: Vec<&str> = found
            .new
            .iter()
            .map(|found| found.difference.field.as_str())
            .collect();
        assert!(fields.contains(&field), "{right}: {fields:?}");
    }
}

#[test]
fn a_frame_that_is_not_shown_and_one_too_many_are_found() {
    let printed = printed(Decoder::Tshark);
    let without: String = printed
        .lines()
        .filter(|line| !line.contains("\"frame_number\":[\"4\"]"))
        .map(|line| format!("{line}\n"))
        .collect();
    let gone = found(Decoder::Tshark, &without).expect("a check");
    assert_eq!(gone.new.len(), 1);
    assert_eq!(
        (gone.new[0].frame, gone.new[0].difference.theirs.as_str()),
        (4, "nothing")
    );
    let strange = printed.replace("\"frame_number\":[\"51\"]", "\"frame_number\":[\"52\"]");
    let error = found(Decoder::Tshark, &strange).expect_err("no such frame");
    assert_eq!(
        error,
        CheckError::Output("it speaks of frame 52, where there are 51".to_owned())
    );
}

#[test]
fn a_complaint_is_found_and_what_tcp_does_is_none() {
    let printed = printed(Decoder::Tshark);
    let severe = |message: &str| {
        let quiet = "\"_ws_expert_severity\":[\"2097152\"],\"_ws_expert_message\":[\"Connection establish request (SYN): server port 1723\"]";
        assert!(printed.contains(quiet));
        let loud =
            format!("\"_ws_expert_severity\":[\"6291456\"],\"_ws_expert_message\":[\"{message}\"]");
        found(Decoder::Tshark, &printed.replace(quiet, &loud))
            .expect("a check")
            .new
    };
    assert_eq!(
        severe("Previous segment not captured")[0].difference.field,
        "complaint"
    );
    assert_eq!(severe("Connection reset (RST)"), []);
    let bad = printed.replacen(
        "\"ip_checksum_status\":[\"1\"]",
        "\"ip_checksum_status\":[\"0\"]",
        1,
    );
    let found = found(Decoder::Tshark, &bad).expect("a check");
    assert_eq!(found.new[0].difference.theirs, "ip.checksum.status is bad");
}

#[test]
fn what_cannot_be_understood_is_told_with_its_line() {
    let cases = [
        (
            Decoder::Tshark,
            "tshark: nothing",
            "line 1 of its output: no JSON",
        ),
        (
            Decoder::Tshark,
            "{\"index\":{}}\n{\"layers\":{}}",
            "line 2 of its output: no frame number",
        ),
        (
            Decoder::Tcpdump,
            "no frame\n",
            "line 1 of its output is of no frame",
        ),
        (Decoder::Scapy, "", "does not begin with its version"),
        (
            Decoder::Scapy,
            "{\"scapy\":\"2\"}\n{\"frame\":1}",
            "line 2 of its output: no layer",
        ),
        (
            Decoder::Scapy,
            "{\"scapy\":\"2\"}\n{\"frame\":1,\"layer\":\"PPTP\",\"fields\":[[1]]}",
            "line 2 of its output: a field without",
        ),
    ];
    for (decoder, printed, problem) in cases {
        let Err(CheckError::Output(text)) = found(decoder, printed) else {
            panic!("{printed} was understood")
        };
        assert!(text.contains(problem), "{text}");
    }
}

#[test]
fn a_golden_with_a_mistake_is_told_with_its_line() {
    let golden = text("incoming-call.pns.jsonl");
    let cases = [
        (
            golden.replacen("pptp-sim golden 1", "pptp-sim golden 2", 1),
            "one.jsonl, line 1: the format is `pptp-sim golden 2`",
        ),
        (
            golden.replacen("\"frame\":4,", "\"frame\":\"4\",", 1),
            "one.jsonl, line 3: `frame` is missing or no number",
        ),
        (String::new(), "one.jsonl, line 1: no JSON"),
    ];
    for (golden, problem) in cases {
        let printed = printed(Decoder::Tcpdump);
        let Err(CheckError::Golden(text)) = found_in(Decoder::Tcpdump, &printed, &golden) else {
            panic!("{problem}: was understood")
        };
        assert!(text.starts_with(problem), "{text}");
    }
}

#[test]
fn a_known_disagreement_is_counted_by_its_row() {
    let golden = text("incoming-call.pns.jsonl").replacen(
        "\"frame\":5,\"octets\":156",
        "\"frame\":5,\"octets\":100},{\"frame\":5,\"octets\":56",
        1,
    );
    let printed = printed(Decoder::Tshark).replacen(
        "\"pptp_length\":[\"156\"]",
        "\"pptp_length\":[\"1\"]",
        2,
    );
    let found = found_in(Decoder::Tshark, &printed, &golden).expect("a check");
    assert_eq!(found.known.values().sum::<u64>(), 1, "{:?}", found.known);
    assert_eq!(found.new.len(), 1, "the other frame is a whole message");
}
