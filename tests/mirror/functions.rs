//! Every WGSL function has a Rust twin: the same file, order, name and parameters.

use relume::gpu::shader;

use super::broken;

/// Shader files and their twins. Two have none: `u64`, because Rust has such integers built in, and
/// `lanes`, because the CPU engine has threads in place of lanes.
const TWINS: [(&str, &str); 10] = [
    ("rng", include_str!("../../src/cpu/rng.rs")),
    ("sampling", include_str!("../../src/cpu/sampling.rs")),
    ("geometry", include_str!("../../src/cpu/geometry.rs")),
    ("fresnel", include_str!("../../src/cpu/fresnel.rs")),
    ("medium", include_str!("../../src/cpu/medium.rs")),
    ("packet", include_str!("../../src/cpu/packet.rs")),
    ("dipole", include_str!("../../src/cpu/dipole.rs")),
    ("source", include_str!("../../src/cpu/source.rs")),
    ("tally", include_str!("../../src/cpu/tally.rs")),
    ("transport", include_str!("../../src/cpu/transport.rs")),
];
/// Files without functions that a twin could have.
const WITHOUT_TWIN: [&str; 3] = ["tables", "u64", "lanes"];

/// What Rust is handed and WGSL has as bindings and private variables. The design is part of the world, so
/// `launch` takes its number in WGSL alone.
const RUST_CONTEXT: [&str; 4] = ["world", "tally", "nodes", "design"];
const WGSL_CONTEXT: [(&str, &str); 1] = [("launch", "design_number")];

#[derive(Debug, Clone, PartialEq)]
struct Function {
    name: String,
    parameters: Vec<String>,
}

/// The functions of a text, in order: what follows `fn ` at the start of a line.
fn functions(text: &str) -> Vec<Function> {
    let mut all = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("fn ") {
        let line_start = rest[..start].rfind('\n').map_or(0, |at| at + 1);
        let before = &rest[line_start..start];
        rest = &rest[start + 3..];
        if !(before.is_empty() || before == "pub ") {
            continue;
        }
        let open = rest.find('(').expect("a function has parameters");
        let name = rest[..open].split('<').next().unwrap_or_default().to_owned();
        let close = rest[open..].find(')').expect("parameters end") + open;
        all.push(Function { name, parameters: parameters(&rest[open + 1..close]) });
    }
    all
}

/// Names of parameters: what stands before a colon, at the top level of angle brackets.
fn parameters(text: &str) -> Vec<String> {
    let (mut depth, mut pieces) = (0, vec![String::new()]);
    for letter in text.chars() {
        match letter {
            '<' | '[' => depth += 1,
            '>' | ']' => depth -= 1,
            ',' if depth == 0 => pieces.push(String::new()),
            _ => {}
        }
        pieces.last_mut().expect("never empty").push(letter);
    }
    let names = pieces.iter().filter_map(|piece| piece.split_once(':'));
    names.map(|(name, _)| name.trim_start_matches(',').trim().trim_start_matches("mut ").to_owned()).collect()
}

fn differences(file: &str, wgsl: &str, rust: &str) -> Vec<String> {
    let without = |mut all: Vec<Function>, context: &dyn Fn(&str, &str) -> bool| {
        for function in &mut all {
            let name = function.name.clone();
            function.parameters.retain(|parameter| !context(&name, parameter));
        }
        all
    };
    let wgsl = without(functions(wgsl), &|function, name| WGSL_CONTEXT.contains(&(function, name)));
    let rust = without(functions(rust), &|_, name| RUST_CONTEXT.contains(&name));
    let mut found = Vec::new();
    for function in wgsl.iter().filter(|function| rust.iter().all(|twin| twin.name != function.name)) {
        found.push(format!("{file}: {} has no twin in Rust", function.name));
    }
    for function in rust.iter().filter(|function| wgsl.iter().all(|twin| twin.name != function.name)) {
        found.push(format!("{file}: {} has no twin in WGSL", function.name));
    }
    if found.is_empty() {
        for (a, b) in wgsl.iter().zip(&rust).filter(|(a, b)| a != b) {
            found.push(format!("{file}: {} {:?} in WGSL, {} {:?} in Rust", a.name, a.parameters, b.name, b.parameters));
        }
    }
    found
}

fn shader_text(file: &str) -> &'static str {
    shader::FILES.iter().find(|(name, _)| *name == file).expect("the shader is joined").1
}

fn twin_text(file: &str) -> &'static str {
    TWINS.iter().find(|(name, _)| *name == file).expect("the shader has a twin").1
}

#[test]
fn every_function_has_its_twin() {
    let found: Vec<_> = TWINS.iter().flat_map(|(file, rust)| differences(file, shader_text(file), rust)).collect();
    assert_eq!(found, Vec::<String>::new());
    let functions: usize = TWINS.iter().map(|(file, _)| functions(shader_text(file)).len()).sum();
    assert!(functions >= 55, "only {functions} functions were read");
}

#[test]
fn every_shader_is_compared_or_excused() {
    for (file, _) in shader::FILES {
        let compared = TWINS.iter().any(|(name, _)| *name == file);
        assert!(compared != WITHOUT_TWIN.contains(&file), "{file}");
    }
    assert!(functions(shader_text("tables")).is_empty());
}

#[test]
fn partner_functions_see_renamed_reordered_and_changed_ones() {
    let wgsl = shader_text("fresnel");
    let rust = twin_text("fresnel");
    let renamed = differences("fresnel", &broken(wgsl, "fn fresnel(", "fn fresnell("), rust);
    assert_eq!(renamed.len(), 2, "{renamed:?}");
    let swapped = broken(wgsl, "n_i: f32, n_t: f32", "n_t: f32, n_i: f32");
    assert_eq!(differences("fresnel", &swapped, rust).len(), 1);
    let fewer = broken(twin_text("transport"), "photon: &mut Photon, side: u32", "photon: &mut Photon");
    assert_eq!(differences("transport", shader_text("transport"), &fewer).len(), 1);
    let wgsl = shader_text("geometry");
    let at = wgsl.find("fn move_photon").expect("geometry moves photons");
    let end = at + wgsl[at..].find("\n}\n").expect("the function ends") + 3;
    let reordered = format!("{}\n{}{}", &wgsl[at..end], &wgsl[..at], &wgsl[end..]);
    assert_eq!(differences("geometry", &reordered, twin_text("geometry")).len(), 3);
}
