//! Every `override` of WGSL is a feature, and true where nothing is said, so that the plain program does all.

use relume::gpu::{Features, shader, shader::U64};

use super::{broken, parse};

fn differences(module: &naga::Module) -> Vec<String> {
    let rust: Vec<_> = Features::NAMES.iter().map(|name| name.to_uppercase()).collect();
    let mut found = Vec::new();
    let mut wgsl = Vec::new();
    for (_, constant) in module.overrides.iter() {
        let name = constant.name.clone().unwrap_or_default();
        let initial = constant.init.map(|init| &module.global_expressions[init]);
        if !matches!(initial, Some(naga::Expression::Literal(naga::Literal::Bool(true)))) {
            found.push(format!("{name}: {initial:?}"));
        }
        wgsl.push(name);
    }
    found.extend(wgsl.iter().filter(|name| !rust.contains(name)).map(|name| format!("{name}: not in Rust")));
    found.extend(rust.iter().filter(|name| !wgsl.contains(name)).map(|name| format!("{name}: not in WGSL")));
    found
}

#[test]
fn features_agree() {
    assert_eq!(differences(&parse(&shader::source(U64::Pairs))), Vec::<String>::new());
}

#[test]
fn partner_features_see_missing_unknown_and_false_ones() {
    let text = shader::source(U64::Pairs);
    let found = |from: &str, to: &str| differences(&parse(&broken(&text, from, to)));
    assert_eq!(found("override EDGES: bool = true;", "const EDGES: bool = true;").len(), 1);
    assert_eq!(
        found("override EDGES: bool = true;", "override EDGES: bool = true; override MORE: bool = true;").len(),
        1
    );
    assert_eq!(found("override EDGES: bool = true;", "override EDGES: bool = false;").len(), 1);
}
