//! Results, scenes and materials for people and for programs.

pub mod check;
mod check_text;
pub mod materials;
mod nanocrystals;
