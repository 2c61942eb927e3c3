use relume::counts::*;
use relume::engine::*;
use relume::scene::*;
use relume::spectrum::*;
use relume::*;
struct M;
impl Monitor for M {
    fn seconds(&self) -> f64 {
        static T: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        T.get_or_init(std::time::Instant::now).elapsed().as_secs_f64()
    }
    fn progress(&self, _: u64) -> std::ops::ControlFlow<()> {
        std::ops::ControlFlow::Continue(())
    }
}
fn main() {
    let film = std::env::args().nth(1).as_deref() == Some("film");
    let n: u64 = std::env::args().nth(2).map_or(4_000_000, |s| s.parse().unwrap());
    let outer = |n| Outer { index: Curve::Constant(n), reflector: None };
    let mk = |n: f64, t: f64, ma: f64, ms: f64, g: f64, em: Vec<Emitter>| Scene {
        title: "x".into(),
        recycling: Recycling::On,
        output: Side::Back,
        front: outer(1.0),
        back: outer(1.0),
        source: Source {
            kind: SourceKind::Beam { angle_deg: 0.0, spectrum: Spectrum::Line(450.0) },
            spot: Spot::Point,
        },
        layers: vec![Layer {
            name: "l".into(),
            thickness_um: t,
            index: Curve::Constant(n),
            extinction: None,
            absorption_per_cm: Curve::Constant(ma),
            scatterers: vec![Scatterer { mu_s_per_cm: Curve::Constant(ms), g: Curve::Constant(g) }],
            emitters: em,
        }],
        extent: None,
        notes: vec![],
    };
    let s = if film {
        mk(
            1.5,
            50.0,
            0.0,
            200.0,
            0.7,
            vec![Emitter {
                name: "e".into(),
                plqy: 0.996,
                lifetime_ns: None,
                absorption_per_cm: Curve::Table(
                    Table::new(
                        vec![440., 500., 520., 530., 540., 550., 560.],
                        vec![1500., 800., 600., 200., 40., 8., 1.],
                        true,
                    )
                    .unwrap(),
                ),
                emission: Spectrum::GaussianInWavelength { peak_nm: 530.0, fwhm_nm: 20.0 },
            }],
        )
    } else {
        mk(1.0, 200.0, 10.0, 90.0, 0.75, vec![])
    };
    let detail = std::env::args().nth(4).is_some();
    let t = compile::compile([&s], detail);
    let mut c = vec![Counts::zero(t.layouts[0])];
    let gpu = std::env::args().nth(3).as_deref() == Some("gpu");
    let e: Box<dyn Engine> = if gpu {
        let a = pollster::block_on(gpu::adapters(None));
        println!("{:?}", a[0].device);
        Box::new(pollster::block_on(gpu::GpuEngine::open(&a[0])).unwrap())
    } else {
        Box::new(cpu::CpuEngine::new("cpu"))
    };
    for _ in 0..3 {
        c[0] = Counts::zero(t.layouts[0]);
        let t0 = std::time::Instant::now();
        pollster::block_on(e.run(
            Job { tables: &t, seed: 1, ranges: &[PhotonRange { design: 0, first: 0, count: n }] },
            &mut c,
            &M,
        ))
        .unwrap();
        let dt = t0.elapsed().as_secs_f64();
        println!(
            "{:.2} M/s, {:.2} events/photon",
            n as f64 / dt / 1e6,
            (0..32).map(|g| c[0].wide_sum(g, Sum::EventsLow, Sum::EventsHigh)).sum::<u64>() as f64 / n as f64
        );
    }
    for f in Fate::ALL {
        let k = c[0].fate_total(f);
        if k > 0 {
            println!("{} {:.6}", f.key(), k as f64 / n as f64);
        }
    }
}
