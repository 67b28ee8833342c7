//! Colours and fonts, for light and for dark.

/// The rules of a colour scheme: background, ink, quiet ink, and the hues of planes, states and marks.
struct Scheme {
    ground: &'static str,
    panel: &'static str,
    ink: &'static str,
    quiet: &'static str,
    rule: &'static str,
    control: &'static str,
    data: &'static str,
    gone: &'static str,
    path: &'static str,
    connection: &'static str,
    connection_pending: &'static str,
    call: &'static str,
    call_pending: &'static str,
}

const LIGHT: Scheme = Scheme {
    ground: "#ffffff",
    panel: "#eef1f5",
    ink: "#1b2330",
    quiet: "#56606f",
    rule: "#a3acb9",
    control: "#1f3a8a",
    data: "#0b6b62",
    gone: "#b3261e",
    path: "#8f5500",
    connection: "#4263b8",
    connection_pending: "#b7c6ee",
    call: "#16897b",
    call_pending: "#a9ddd4",
};

const DARK: Scheme = Scheme {
    ground: "#14181f",
    panel: "#232a35",
    ink: "#e6eaf0",
    quiet: "#a4aebc",
    rule: "#5b6675",
    control: "#9db8ff",
    data: "#5fd3c4",
    gone: "#ff8a80",
    path: "#f2b45c",
    connection: "#7d9bf0",
    connection_pending: "#3a4a78",
    call: "#3fbfae",
    call_pending: "#1d5a52",
};

/// What does not depend on the scheme. Text has a halo of the background, so that a line behind it does not make it unreadable.
const SHAPES: &str = "\
text{font-family:system-ui,-apple-system,'Segoe UI',Helvetica,Arial,sans-serif;font-size:12px}\
.m{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;font-size:10px}\
.h{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}\
.T{font-size:15px;font-weight:600}.n{font-weight:600}.i{font-style:italic}.s{font-size:10px}.e{text-anchor:end}.c{text-anchor:middle}\
.a{stroke-width:1.4;fill:none}.t{stroke-dasharray:5 3}.y{stroke-dasharray:2 3}.r{stroke-width:.8;fill:none}\
.v{stroke-width:1;fill:none}.b{stroke:none;fill-opacity:.16}.x{stroke-width:2.2;fill:none}";

/// The style sheet of a diagram.
pub fn sheet() -> String {
    format!(
        "{SHAPES}{}@media (prefers-color-scheme:dark){{{}}}",
        rules(&LIGHT),
        rules(&DARK)
    )
}

fn rules(scheme: &Scheme) -> String {
    let Scheme {
        ground,
        panel,
        ink,
        quiet,
        rule,
        control,
        data,
        gone,
        path,
        connection,
        connection_pending,
        call,
        call_pending,
    } = scheme;
    let mut rules = format!(
        ".g{{fill:{ground}}}.p{{fill:{panel};stroke:{rule}}}text{{fill:{ink}}}.q{{fill:{quiet}}}.h{{stroke:{ground}}}\
         .v,.r{{stroke:{rule}}}"
    );
    let hues = [
        ("k", quiet),
        ("l", control),
        ("d", data),
        ("o", gone),
        ("w", path),
    ];
    for (class, hue) in hues {
        rules.push_str(&format!(
            ".a.{class},.x.{class}{{stroke:{hue}}}.f.{class},text.{class},.b.{class}{{fill:{hue}}}"
        ));
    }
    let bars = [
        ("C", connection),
        ("D", connection_pending),
        ("E", call),
        ("F", call_pending),
    ];
    for (class, hue) in bars {
        rules.push_str(&format!(".{class}{{fill:{hue};stroke:{ground}}}"));
    }
    rules
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance in hundred-thousandths, by a power of two in the place of 2.4: near enough to compare.
    fn luminance(colour: &str) -> u64 {
        let channel = |at: usize| u64::from_str_radix(&colour[at..at + 2], 16).expect("a colour");
        let linear = |value: u64| value * value * 100_000 / (255 * 255);
        (2126 * linear(channel(1)) + 7152 * linear(channel(3)) + 722 * linear(channel(5))) / 10_000
    }

    #[test]
    fn text_stands_out_from_its_background_in_both_schemes() {
        for scheme in [&LIGHT, &DARK] {
            let texts = [
                scheme.ink,
                scheme.quiet,
                scheme.control,
                scheme.data,
                scheme.gone,
                scheme.path,
            ];
            for text in texts {
                for ground in [scheme.ground, scheme.panel] {
                    let (one, other) = (luminance(text), luminance(ground));
                    let ratio = (one.max(other) + 5_000) * 10 / (one.min(other) + 5_000);
                    assert!(ratio >= 40, "{text} on {ground}: {ratio} tenths");
                }
            }
        }
        assert!(sheet().contains("prefers-color-scheme:dark"));
    }
}
