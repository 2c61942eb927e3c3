//! What waves do in a stack, as a page for a person.

use std::fmt::{self, Write};

use super::terminal::Style;
use crate::stack::StackReport;

/// The whole page.
pub fn page(report: &StackReport, style: Style) -> String {
    let mut out = String::new();
    write(&mut out, report, style).expect("a string takes any text");
    out
}

fn write(out: &mut String, report: &StackReport, style: Style) -> fmt::Result {
    writeln!(out, "{}", style.paint("1", &report.title))
}
