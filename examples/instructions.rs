//! What a turn of the GPU's loop is made of: operations counted in the shaders as they are compiled for each scene of the
//! benchmark, and bytes of tables read for an event, from those counts and from what photons do on the CPU's twins.
//!
//!     cargo run --release --example instructions
//!
//! Operations are those of the program before any compiler has seen it, one for each component of a vector, both sides of
//! every branch and the body of every loop once. Values that lie in registers are free, and so are moves.

use std::collections::HashMap;

use naga::valid::{Capabilities, FunctionInfo, ModuleInfo, ValidationFlags, Validator};
use naga::{
    AddressSpace, BinaryOperator, Block, Expression, Function, Handle, Literal, LocalVariable, MathFunction, Module,
    Statement, TypeInner, UnaryOperator,
};
use relume::bench::{SCENES, Work};
use relume::compile::compile;
use relume::cpu::World;
use relume::cpu::geometry::Photon;
use relume::cpu::medium::{redirect, settle};
use relume::cpu::source::launch;
use relume::cpu::transport::{ALIVE, fly, follow_excitation};
use relume::gpu::Features;
use relume::gpu::shader::{U64, source};
use relume::scene::Document;
use relume::tables::{NONE, STRAIGHT, Tables};

const PHOTONS: u64 = 20_000;

/// Operations of a piece of the program.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Operations {
    /// Additions, products, comparisons, choices, bits.
    plain: u32,
    /// Divisions and roots.
    special: u32,
    /// Conditions that lanes may differ in.
    branches: u32,
    atomics: u32,
    /// Bytes of tables read.
    bytes: u32,
}

impl Operations {
    fn add(&mut self, other: Self) {
        self.plain += other.plain;
        self.special += other.special;
        self.branches += other.branches;
        self.atomics += other.atomics;
        self.bytes += other.bytes;
    }
}

/// A program for some features.
struct Program {
    module: Module,
    info: ModuleInfo,
}

impl Program {
    fn new(features: Features) -> Self {
        let mut text = source(U64::Native);
        for (name, there) in Features::NAMES.iter().zip(features.values()) {
            let name = name.to_uppercase();
            let before = format!("override {name}: bool = true;");
            assert!(text.contains(&before), "{name} is an override");
            text = text.replace(&before, &format!("const {name}: bool = {there};"));
        }
        let module = naga::front::wgsl::parse_str(&text).expect("the shaders are WGSL");
        let info = Validator::new(ValidationFlags::all(), Capabilities::all()).validate(&module);
        Self { info: info.expect("the shaders are valid"), module }
    }

    /// The operations of a function and of all that it calls.
    fn operations(&self, name: &str) -> Operations {
        let found = self.module.functions.iter().find(|(_, function)| function.name.as_deref() == Some(name));
        self.of_function(found.expect("a function of the shaders").0).0
    }

    /// The operations, and what the function returns where the features say it.
    fn of_function(&self, handle: Handle<Function>) -> (Operations, Option<bool>) {
        let function = &self.module.functions[handle];
        let mut walk = Walk {
            program: self,
            function,
            info: &self.info[handle],
            sum: Operations::default(),
            told: HashMap::new(),
            called: HashMap::new(),
            returned: None,
        };
        walk.add_block(&function.body);
        (walk.sum, walk.returned)
    }
}

/// A function, statement by statement.
struct Walk<'a> {
    program: &'a Program,
    function: &'a Function,
    info: &'a FunctionInfo,
    sum: Operations,
    /// Nameless variables that hold parts of conditions (`A && b`), where the features say what they are.
    told: HashMap<Handle<LocalVariable>, bool>,
    /// Results of calls that the features tell.
    called: HashMap<Handle<Expression>, bool>,
    returned: Option<bool>,
}

impl Walk<'_> {
    fn add_block(&mut self, block: &Block) {
        for statement in block {
            match statement {
                Statement::Emit(range) => range.clone().for_each(|handle| self.sum.add(self.of_expression(handle))),
                Statement::Block(inner) => self.add_block(inner),
                Statement::If { condition, accept, reject } => match self.known(*condition) {
                    Some(true) => self.add_block(accept),
                    Some(false) => self.add_block(reject),
                    None => {
                        self.sum.branches += 1;
                        let before = self.told.clone();
                        self.add_block(accept);
                        let accepted = std::mem::replace(&mut self.told, before);
                        self.add_block(reject);
                        self.told.retain(|variable, value| accepted.get(variable) == Some(value));
                    }
                },
                Statement::Store { pointer, value } => {
                    if let Expression::LocalVariable(variable) = self.function.expressions[*pointer]
                        && self.function.local_variables[variable].name.is_none()
                    {
                        match self.known(*value) {
                            Some(value) => self.told.insert(variable, value),
                            None => self.told.remove(&variable),
                        };
                    }
                }
                Statement::Switch { cases, .. } => {
                    self.sum.branches += 1;
                    cases.iter().for_each(|case| self.add_block(&case.body));
                }
                Statement::Loop { body, continuing, .. } => {
                    self.add_block(body);
                    self.add_block(continuing);
                }
                Statement::Call { function, result, .. } => {
                    let (operations, returned) = self.program.of_function(*function);
                    if let (Some(result), Some(value)) = (result, returned) {
                        self.called.insert(*result, value);
                        // not called at all
                        continue;
                    }
                    self.sum.add(operations);
                }
                Statement::Return { value: Some(value) } => self.returned = self.known(*value),
                Statement::Atomic { .. } => self.sum.atomics += 1,
                _ => {}
            }
        }
    }

    /// What a condition is, where the features say it.
    fn known(&self, handle: Handle<Expression>) -> Option<bool> {
        let module = &self.program.module;
        match self.function.expressions[handle] {
            Expression::Literal(Literal::Bool(value)) => Some(value),
            Expression::CallResult(_) => self.called.get(&handle).copied(),
            Expression::Constant(constant) => match module.global_expressions[module.constants[constant].init] {
                Expression::Literal(Literal::Bool(value)) => Some(value),
                _ => None,
            },
            Expression::Load { pointer } => match self.function.expressions[pointer] {
                Expression::LocalVariable(variable) => self.told.get(&variable).copied(),
                _ => None,
            },
            Expression::Unary { op: UnaryOperator::LogicalNot, expr } => self.known(expr).map(|value| !value),
            _ => None,
        }
    }

    fn of_expression(&self, handle: Handle<Expression>) -> Operations {
        let types = &self.program.module.types;
        let width = |handle: Handle<Expression>| match self.info[handle].ty.inner_with(types) {
            TypeInner::Vector { size, .. } => *size as u32,
            _ => 1,
        };
        let plain = |plain| Operations { plain, ..Operations::default() };
        let special = |special| Operations { special, ..Operations::default() };
        match self.function.expressions[handle] {
            Expression::Binary { op: BinaryOperator::Divide, .. } => special(width(handle)),
            Expression::Binary { .. } | Expression::Unary { .. } | Expression::Select { .. } => plain(width(handle)),
            Expression::As { convert: Some(_), .. } => plain(width(handle)),
            Expression::Math { fun: MathFunction::Sqrt | MathFunction::InverseSqrt, .. } => special(width(handle)),
            Expression::Math { fun: MathFunction::Dot, arg, .. } => plain(2 * width(arg) - 1),
            Expression::Math { .. } => plain(width(handle)),
            Expression::Load { pointer } if self.is_table(pointer) => {
                let bytes = self.info[handle].ty.inner_with(types).size(self.program.module.to_ctx());
                Operations { bytes, ..Operations::default() }
            }
            _ => Operations::default(),
        }
    }

    /// Whether a pointer leads into a table.
    fn is_table(&self, pointer: Handle<Expression>) -> bool {
        match self.function.expressions[pointer] {
            Expression::Access { base, .. } | Expression::AccessIndex { base, .. } => self.is_table(base),
            Expression::GlobalVariable(variable) => {
                matches!(self.program.module.global_variables[variable].space, AddressSpace::Storage { .. })
            }
            _ => false,
        }
    }
}

/// What photons did, on average.
#[derive(Default)]
struct Life {
    turns: f64,
    /// Times that a photon looked its medium up.
    looks: f64,
    excitations: f64,
    emissions: f64,
}

fn life(tables: &Tables) -> Life {
    let world = World::new(tables, 0, 1);
    let mut tally = vec![0; tables.layouts[0].words()];
    let (mut life, each) = (Life::default(), 1.0 / PHOTONS as f64);
    for index in 0..PHOTONS {
        let mut photon: Photon = launch(&world, index);
        while photon.fate == ALIVE {
            photon.events += 1;
            life.turns += each;
            if photon.unsettled == 1 {
                life.looks += each;
                settle(&world, &mut photon);
            }
            let mut g = STRAIGHT;
            if photon.excited == NONE {
                g = fly(&world, &mut photon);
            }
            if photon.excited != NONE {
                let before = photon.emissions;
                g = follow_excitation(&world, &mut tally, &mut photon);
                life.excitations += each;
                life.emissions += each * f64::from(photon.emissions - before);
            }
            if g != STRAIGHT {
                redirect(&world, &mut photon, g);
            }
        }
    }
    life
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!(
        "| scene | a turn: plain | divisions, roots | branches | a service: plain | divisions, roots | branches | looks per event | bytes per event | bytes of tables |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for scene in &SCENES {
        let Work::One { text, .. } = scene.work else { continue };
        let design = Document::parse(text, scene.key, "".as_ref())?.scene()?;
        let tables = compile([&design], false);
        let features = Features::by_design(&tables)[0];
        let program = Program::new(features);
        let [turn, mut service, entry, look, enter, launch, absorb, relax, end] = [
            "take_turn",
            "serve",
            "enter",
            "settle",
            "enter_medium",
            "launch",
            "absorb_in_emitter",
            "relax",
            "tally_end",
        ]
        .map(|name| program.operations(name));
        service.add(entry);
        let life = life(&tables);
        // a look follows on the entry into a medium or on an emission
        let of_looks = f64::from(look.bytes + enter.bytes) * life.looks;
        let of_emission = f64::from(absorb.bytes) * life.excitations + f64::from(relax.bytes) * life.emissions;
        let bytes = (of_looks + of_emission + f64::from(launch.bytes + end.bytes)) / life.turns;
        println!(
            "| {} | {} | {} | {} | {} | {} | {} | {:.2} | {} | {} |",
            scene.key,
            turn.plain,
            turn.special,
            turn.branches,
            service.plain,
            service.special,
            service.branches,
            life.looks / life.turns,
            // packets read as many rows as they have layers
            if features.packets { "-".to_string() } else { format!("{bytes:.1}") },
            tables.bytes(),
        );
    }
    Ok(())
}
