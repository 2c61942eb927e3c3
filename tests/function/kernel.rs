//! Runs one shader function on many inputs: the program's own text with an entry point added to it, the
//! program's own bindings in group 0, and words in and out in group 1.

use relume::gpu::GpuAdapter;
use relume::gpu::shader::{self, JobHeader, U64};
use relume::tables::Tables;
use wgpu::util::DeviceExt;

use super::state::GpuPhoton;

/// Before the body of a case. `i` is the number of the input, `photon` its state.
const OPENING: &str = "
@group(1) @binding(0) var<storage, read> words_in: array<u32>;
@group(1) @binding(1) var<storage, read_write> words_out: array<u32>;
var<private> first_in: u32;
var<private> first_out: u32;
fn in_u(k: u32) -> u32 { return words_in[first_in + k]; }
fn in_f(k: u32) -> f32 { return bitcast<f32>(in_u(k)); }
fn out_u(k: u32, value: u32) { words_out[first_out + k] = value; }
fn out_f(k: u32, value: f32) { out_u(k, bitcast<u32>(value)); }
@compute @workgroup_size(64)
fn test_case(@builtin(global_invocation_id) id: vec3<u32>) {
    let i = id.x;
    if i >= arrayLength(&lanes) { return; }
    first_in = i * WORDS_INu;
    first_out = i * WORDS_OUTu;
    job = header;
    var photon = lanes[i];
    design = designs[photon.design];
    photon.rng = rng_new(photon.rng.state, photon.rng.increment);
";
/// After it. The generator shows its state by its next two numbers.
const CLOSING: &str = "
    let draw_1 = rng_next(&photon);
    let draw_2 = rng_next(&photon);
    photon.rng.state = u64_of(draw_1, draw_2);
    photon.rng.increment = u64_of(0u, 0u);
    flush(&photon);
    lanes[i] = photon;
}
";

pub struct Device {
    device: wgpu::Device,
    queue: wgpu::Queue,
    /// Whether it is a CPU that plays a graphics device, as far as known without contraction to FMA.
    pub software: bool,
    u64: U64,
}

/// What came back.
pub struct Output {
    pub words: Vec<u32>,
    pub photons: Vec<GpuPhoton>,
    pub counts: Vec<u32>,
}

/// What goes in.
pub struct Input<'a> {
    pub tables: &'a Tables,
    pub seed: u64,
    pub words: &'a [u32],
    pub words_in: usize,
    pub words_out: usize,
    pub photons: &'a [GpuPhoton],
}

impl Device {
    pub fn open(adapter: &GpuAdapter, u64: U64) -> Result<Self, String> {
        let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
        descriptor.backends = wgpu::Backends::PRIMARY;
        let instance = wgpu::Instance::new(descriptor);
        let all = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
        let found = all.into_iter().find(|found| found.get_info().name == adapter.device.name);
        let adapter = found.ok_or("the adapter has gone")?;
        let request = wgpu::DeviceDescriptor {
            required_limits: adapter.limits(),
            required_features: shader::needed_features(u64),
            ..Default::default()
        };
        let (device, queue) =
            pollster::block_on(adapter.request_device(&request)).map_err(|error| error.to_string())?;
        Ok(Self { device, queue, software: adapter.get_info().device_type == wgpu::DeviceType::Cpu, u64 })
    }

    /// Runs `body` once for each photon, in the program's text after `change`.
    pub fn run(&self, change: impl Fn(String) -> String, body: &str, input: &Input) -> Output {
        let opening =
            OPENING.replace("WORDS_IN", &input.words_in.to_string()).replace("WORDS_OUT", &input.words_out.to_string());
        let text = format!("{}{opening}{body}{CLOSING}", change(shader::source(self.u64)));
        let module = self.device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: None,
            source: wgpu::ShaderSource::Wgsl(text.into()),
        });
        let storage = |read_only| wgpu::BufferBindingType::Storage { read_only };
        let (table, written) = (storage(true), storage(false));
        let layouts = [self.layout(&shader::BINDINGS), self.layout(&[table, written])];
        let pipeline_layout = self.device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            bind_group_layouts: &layouts.each_ref().map(Some),
            ..Default::default()
        });
        let pipeline = self.device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: None,
            layout: Some(&pipeline_layout),
            module: &module,
            entry_point: Some("test_case"),
            compilation_options: Default::default(),
            cache: None,
        });

        let tables = input.tables;
        let header = JobHeader { seed: [input.seed as u32, (input.seed >> 32) as u32], ..bytemuck::Zeroable::zeroed() };
        let counts: usize = tables.layouts.iter().map(|layout| layout.words()).sum();
        let group_0 = [
            self.buffer(bytemuck::bytes_of(&header)),
            self.buffer(bytemuck::cast_slice(&tables.designs)),
            self.buffer(bytemuck::cast_slice(&tables.media)),
            self.buffer(bytemuck::cast_slice(&tables.emitters)),
            self.buffer(bytemuck::cast_slice(&tables.nodes)),
            self.buffer(bytemuck::cast_slice(&tables.coefficients)),
            self.buffer(&[0; 16]),
            self.buffer(&vec![0; 4 * counts]),
            self.buffer(bytemuck::cast_slice(input.photons)),
            self.buffer(&[0; 128]),
        ];
        let words_out = vec![0u32; (input.words_out * input.photons.len()).max(1)];
        let words_in = if input.words.is_empty() { &[0] } else { input.words };
        let group_1 = [self.buffer(bytemuck::cast_slice(words_in)), self.buffer(bytemuck::cast_slice(&words_out))];
        let groups = [self.bind(&layouts[0], &group_0), self.bind(&layouts[1], &group_1)];

        let mut encoder = self.device.create_command_encoder(&Default::default());
        {
            let mut pass = encoder.begin_compute_pass(&Default::default());
            pass.set_pipeline(&pipeline);
            for (number, group) in (0..).zip(&groups) {
                pass.set_bind_group(number, group, &[]);
            }
            pass.dispatch_workgroups((input.photons.len() as u32).div_ceil(64), 1, 1);
        }
        self.queue.submit([encoder.finish()]);
        Output {
            words: bytemuck::cast_slice(&self.read(&group_1[1])).to_vec(),
            photons: bytemuck::pod_collect_to_vec(&self.read(&group_0[8])),
            counts: bytemuck::cast_slice(&self.read(&group_0[7])).to_vec(),
        }
    }

    fn layout(&self, kinds: &[wgpu::BufferBindingType]) -> wgpu::BindGroupLayout {
        let entries: Vec<_> = (0..)
            .zip(kinds)
            .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
                binding,
                visibility: wgpu::ShaderStages::COMPUTE,
                ty: wgpu::BindingType::Buffer { ty: *ty, has_dynamic_offset: false, min_binding_size: None },
                count: None,
            })
            .collect();
        self.device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: None, entries: &entries })
    }

    fn bind(&self, layout: &wgpu::BindGroupLayout, buffers: &[wgpu::Buffer]) -> wgpu::BindGroup {
        let entries: Vec<_> = (0..)
            .zip(buffers)
            .map(|(binding, buffer)| wgpu::BindGroupEntry { binding, resource: buffer.as_entire_binding() })
            .collect();
        self.device.create_bind_group(&wgpu::BindGroupDescriptor { label: None, layout, entries: &entries })
    }

    fn buffer(&self, contents: &[u8]) -> wgpu::Buffer {
        use wgpu::BufferUsages as Usage;
        // the header, and the only design that is not asked for
        let usage = if contents.len() <= 128 { Usage::UNIFORM } else { Usage::empty() };
        self.device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: None,
            contents,
            usage: usage | Usage::STORAGE | Usage::COPY_SRC,
        })
    }

    fn read(&self, buffer: &wgpu::Buffer) -> Vec<u8> {
        let staging = self.device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: buffer.size(),
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        let mut encoder = self.device.create_command_encoder(&Default::default());
        encoder.copy_buffer_to_buffer(buffer, 0, &staging, 0, buffer.size());
        self.queue.submit([encoder.finish()]);
        staging.map_async(wgpu::MapMode::Read, .., |result| result.expect("the buffer can be read"));
        self.device.poll(wgpu::PollType::wait_indefinitely()).expect("the device answers");
        staging.get_mapped_range(..).expect("the buffer is mapped").to_vec()
    }
}
