//! Files of optical constants and spectra: right ones are read, wrong ones refused in a sentence.

use proptest::prelude::*;
use relume::material::{MaterialError, OpticalConstants, load_optical_constants, load_spectrum, load_values, medium};

fn close(value: f64, expected: f64, relative: f64) -> bool {
    (value / expected - 1.0).abs() <= relative
}

fn write(name: &str, content: &[u8]) -> (tempfile::TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, content).unwrap();
    (folder, path)
}

fn constants(name: &str, content: &str) -> Result<OpticalConstants, MaterialError> {
    let (_folder, path) = write(name, content.as_bytes());
    load_optical_constants(&path)
}

#[test]
fn csv_with_comment_header_and_k() {
    let read = constants("x.csv", "# source: nobody\nwavelength_nm,n,k\n400, 1.5, 0\n500,1.6,1e-3\n").unwrap();
    assert!(close(read.n.at(450.0), 1.55, 1e-12) && close(read.k.unwrap().at(450.0), 5e-4, 1e-12));
    assert!(constants("x.csv", "400,1.5\n500,1.6\n").unwrap().k.is_none());
}

#[test]
fn yaml_formula_with_tabulated_k() {
    let text = "# comment\nREFERENCES: \"Malitson: 1965\"\nDATA:\n  - type: formula 1\n    wavelength_range: 0.21 6.7\n    \
                coefficients: 0 0.6961663 0.0684043 0.4079426 0.1162414 0.8974794 9.896161\n  - type: tabulated k\n    \
                data: |\n        0.4 1e-8\n        0.6 3e-8\nCONDITIONS:\n  temperature: 293\n";
    let read = constants("SiO2.yml", text).unwrap();
    let silica = medium("fused_silica").unwrap().optical.n.clone();
    assert_eq!(read.n.at(530.0), silica.at(530.0));
    assert_eq!(read.n.range_nm(), (210.0, 6700.0));
    assert!(close(read.k.unwrap().at(500.0), 2e-8, 1e-12));
}

/// Each formula against its value worked out by hand for coefficients that make it easy.
#[test]
fn yaml_formulas_are_the_published_ones() {
    let n_of = |formula: u8, coefficients: &str| {
        let text = format!(
            "DATA:\n  - type: formula {formula}\n    wavelength_range: 1.5 2.5\n    coefficients: {coefficients}\n"
        );
        constants("f.yml", &text).unwrap().n.at(2000.0)
    };
    for (formula, coefficients, expected) in [
        (1, "0.5 1 1", f64::sqrt(1.0 + 0.5 + 4.0 / 3.0)),
        (2, "0.5 1 2", f64::sqrt(1.0 + 0.5 + 4.0 / 2.0)),
        (3, "2 1 2 8 -3", f64::sqrt(2.0 + 4.0 + 1.0)),
        (4, "2 3 1 0.5 2 0 0 0 0 1 -1", f64::sqrt(2.0 + 6.0 / (4.0 - 0.25) + 0.5)),
        (5, "1.5 0.4 -2", 1.6),
        (6, "0.1 1 2.25", 1.0 + 0.1 + 0.5),
        (7, "1.5 0.3972 0 0.01 0 0", 1.5 + 0.1 + 0.04),
        // (n^2 - 1)/(n^2 + 2) = 0.1 + 0.24 * 4/3 + 0.02 * 4 = 0.5 makes n^2 = 4.
        (8, "0.1 0.24 1 0.02", 2.0),
        (9, "2 1.5 1 1 1 1", f64::sqrt(2.0 + 0.5 + 0.5)),
    ] {
        assert!(close(n_of(formula, coefficients), expected, 1e-12), "formula {formula}");
    }
    assert!(close(n_of(5, "1.5"), 1.5, 1e-15), "a single coefficient is a number to YAML");
}

#[test]
fn wrong_optical_files_are_refused_in_a_sentence() {
    for (name, content, named) in [
        ("a.csv", "", "no numbers"),
        ("a.csv", "wavelength,n\n", "no numbers"),
        ("a.csv", "400,1.5\n300,1.5\n", "line 2"),
        ("a.csv", "400,1.5\n500,abc\n", "line 2"),
        ("a.csv", "400,1.5\n500,NaN\n", "line 2"),
        ("a.csv", "400,1.5\n500\n", "line 2"),
        ("a.csv", "400,1.5,0\n500,1.5\n", "line 2"),
        ("a.csv", "400,1.5,0,7\n", "4 columns"),
        ("a.csv", "400,0\n", "positive"),
        ("a.csv", "400,1.5,-1\n", "k must be"),
        ("a.csv", "-400,1.5\n", "positive"),
        ("a.csv", "0.4,1.5\n0.5,1.5\n", "um"),
        ("a.csv", "400,1\n400,2\n400,3\n", "more than twice"),
        ("a.yml", "", "DATA"),
        ("a.yml", "DATA: 3\n", "DATA"),
        ("a.yml", "DATA: []\n", "no index"),
        ("a.yml", "DATA:\n  - type: formula 12\n    wavelength_range: 1 2\n    coefficients: 1 2\n", "formula 12"),
        ("a.yml", "DATA:\n  - type: formula 1\n    coefficients: 1 2\n", "wavelength_range"),
        ("a.yml", "DATA:\n  - type: formula 1\n    wavelength_range: 1 2\n", "coefficients"),
        ("a.yml", "DATA:\n  - type: formula 1\n    wavelength_range: 2 1\n    coefficients: 1 2 3\n", "must rise"),
        ("a.yml", "DATA:\n  - type: formula 3\n    wavelength_range: 1 2\n    coefficients: -5 1\n", "n must be"),
        ("a.yml", "DATA:\n  - type: formula 3\n    wavelength_range: 1 2\n    coefficients: 2 x\n", "\"x\""),
        ("a.yml", "DATA:\n  - type: poem\n", "poem"),
        ("a.yml", "DATA:\n  - type: tabulated n\n", "no data"),
        ("a.yml", "DATA:\n  - type: tabulated nk\n    data: |\n      0.4 1.5 0\n      0.5 1.5\n", "line 5"),
        ("a.yml", "DATA:\n  - type: tabulated n\n    data: |\n      0.5 1.5\n      0.4 1.5\n", "line 5"),
        ("a.yml", "DATA:\n  - type: tabulated k\n    data: |\n      0.5 1e-3\n", "no index"),
    ] {
        let error = constants(name, content).unwrap_err().to_string();
        assert!(error.contains(named) && error.contains(name), "{content:?} gave: {error}");
        assert!(!error.contains('\n'), "one sentence: {error}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let (folder, path) = write("x.csv", &[0, 159, 146, 150, 255]);
    assert!(load_optical_constants(&path).unwrap_err().to_string().contains("not text"));
    assert!(load_spectrum(&path).unwrap_err().to_string().contains("not text"));
    assert!(matches!(load_spectrum(folder.path()), Err(MaterialError::Unreadable { .. })));
    let missing = load_spectrum(&folder.path().join("none.csv")).unwrap_err();
    assert!(missing.to_string().contains("none.csv"));
}

#[test]
fn spectra() {
    let read = |content: &str| {
        let (_folder, path) = write("s.csv", content.as_bytes());
        load_spectrum(&path)
    };
    let table = read("nm,photons\n500,0\n520,2\n540,0\n").unwrap();
    assert_eq!((table.at(510.0), table.span_nm()), (1.0, (500.0, 540.0)));
    for (content, named) in [
        ("500,1\n510,-1\n", "line 2"),
        ("500,0\n510,0\n", "every value is 0"),
        ("500,1\n", "two different"),
        ("500,1,2\n", "3 columns"),
        ("500,inf\n", "line 1"),
        ("nm;I\n500;0\n530;1\n", "line 2: columns stand apart by commas"),
        ("500\t0\n530\t1\n", "this line has a tab"),
        ("500 0\n530 1\n", "this line has ' '"),
        ("500,0;0,1\n", "this line has ';'"),
        ("nm,I\n500,0,5\n", "has 3 columns, the heading 2"),
        ("2.2,0\n2.4,1\n", "um or eV"),
    ] {
        let error = read(content).unwrap_err().to_string();
        assert!(error.contains(named), "{content:?} gave: {error}");
    }
}

/// A decimal comma in a table of n must not pass for n and k.
#[test]
fn a_decimal_comma_is_no_column() {
    let (_folder, path) = write("n.csv", b"wl_nm,n\n400,1,5\n700,1,5\n");
    let error = load_optical_constants(&path).unwrap_err().to_string();
    assert!(error.contains("line 2: has 3 columns, the heading 2"), "{error}");
    for fine in [&b"wl_nm,n,k\n400,1,5\n700,1,5\n"[..], b"from a paper\n400,1,5\n700,1,5\n", b"400,1,5\n700,1,5\n"] {
        let (_folder, path) = write("n.csv", fine);
        assert!(load_optical_constants(&path).unwrap().k.is_some());
    }
}

#[test]
fn values_of_any_sign_and_scale() {
    let (_folder, path) = write("a.csv", b"wavelength_nm,per_cm\n400,10\n500,0\n");
    assert_eq!(load_values(&path).unwrap().at(450.0), 5.0);
    let (_folder, path) = write("a.csv", b"400,10,1\n500,0,1\n");
    assert!(load_values(&path).unwrap_err().to_string().contains("wavelength in nm and a value"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a file holds, reading it ends in a value or an error, never in a panic.
    #[test]
    fn no_content_panics(
        bytes in prop::collection::vec(any::<u8>(), 0..200),
        text in "(DATA:\n  - type: (formula [0-9]|tabulated (n|k|nk))\n    (wavelength_range: [0-9.e -]{0,9}\n    )?\
                 (coefficients|data): \\|?\n?[0-9.e \n-]{0,60})|([0-9.,eEnaN# \n-]{0,80})",
    ) {
        for content in [&bytes[..], text.as_bytes()] {
            for name in ["x.csv", "x.yml"] {
                let (_folder, path) = write(name, content);
                if let Ok(constants) = load_optical_constants(&path) {
                    let (low, high) = constants.n.range_nm();
                    prop_assert!(constants.n.at(low) > 0.0 && constants.n.at(high) > 0.0);
                }
                if let Ok(table) = load_spectrum(&path) {
                    prop_assert!(table.points().any(|(_, value)| value > 0.0));
                }
            }
        }
    }
}
