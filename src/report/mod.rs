//! Results and scenes for people and for programs.

pub mod check;
mod check_text;
