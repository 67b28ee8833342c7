//! Starting the command, and scenarios for it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// What a run of the command gave.
#[derive(Debug)]
pub struct Ended {
    /// The exit status.
    pub status: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub errors: String,
}

impl From<Output> for Ended {
    fn from(output: Output) -> Ended {
        Ended {
            status: output.status.code().expect("it was not killed"),
            out: String::from_utf8_lossy(&output.stdout).into_owned(),
            errors: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The command in a folder, without colours that the caller's environment may ask for.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pptp-sim"));
    command.current_dir(folder);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "RUST_BACKTRACE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs the command in a folder.
pub fn run_in(folder: &Path, arguments: &[&str]) -> Ended {
    command(folder)
        .args(arguments)
        .output()
        .expect("the command starts")
        .into()
}

/// An empty folder of that name.
pub fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cli")
        .join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    fs::create_dir_all(&folder).expect("a new folder comes");
    folder
}

/// Runs the command in an empty folder, so that the suite is the built-in one.
pub fn run(name: &str, arguments: &[&str]) -> Ended {
    run_in(&folder(name), arguments)
}

/// Writes a file into a folder.
pub fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, text).expect("a file");
}

/// A scenario in which a PNS starts a control connection, with these lines behind the start, and in `finally`.
pub fn scenario(flow: &str, finally: &str) -> String {
    format!(
        "scenario \"a start\" {{
    node pns role=PNS
    node pac role=PAC
    link pns pac {{
        control delay=\"20ms\"
        gre delay=\"20ms\"
    }}
    flow {{
        do pns open-control to=pac
        pns -> pac TCP-Open
        pns -> pac Start-Control-Connection-Request
        pac -> pns Start-Control-Connection-Reply result-code=1
        {flow}
    }}
    finally {{
        {finally}
    }}
}}
"
    )
}

/// A scenario that passes.
pub fn passing() -> String {
    scenario(
        "expect pns state=established within=\"1s\"",
        "connections 1",
    )
}

/// A scenario that fails: the message never comes.
pub fn failing() -> String {
    scenario(
        "pac -> pns Echo-Request within=\"1s\" requirement=\"CDN-003\"",
        "connections 1",
    )
}

/// A scenario that fails where two of ten packets are lost, with one seed of a dozen; `holds` stands among its first lines.
pub fn lossy(holds: &str) -> String {
    let call = "do pns place-call call=c1
        pns -> pac Outgoing-Call-Request call=c1
        pac -> pns Outgoing-Call-Reply call=c1 result-code=1
        do pns send-data call=c1 packets=10 bytes=100 every=\"20ms\"
        wait until=data-idle call=c1 within=\"30s\"";
    scenario(call, "received pac call=c1 at-least=9")
        .replace("gre delay", "gre loss=\"5%\" delay")
        .replacen("    node", &format!("    {holds}\n    node"), 1)
}
