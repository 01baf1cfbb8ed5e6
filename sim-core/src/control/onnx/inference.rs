//! Runs ONNX networks, in pure Rust and on the thread that asks: the same bits for any number of threads.

use super::FEATURES;
use rten::{Model, ModelOptions, RunOptions, ThreadPool, Value};
use rten_tensor::{NdTensor, prelude::*};
use std::sync::{Arc, OnceLock};

/// A network ready to run.
pub(super) struct Network(Model);

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Network of {} parameters", self.0.total_params())
    }
}

/// One thread for all networks, so that sums have one order.
fn one_thread() -> Arc<ThreadPool> {
    static POOL: OnceLock<Arc<ThreadPool>> = OnceLock::new();
    POOL.get_or_init(|| Arc::new(ThreadPool::with_num_threads(1))).clone()
}

impl Network {
    /// Reads an ONNX file.
    pub(super) fn load(bytes: &[u8]) -> Result<Self, String> {
        let model = ModelOptions::with_all_ops().load(bytes.to_vec());
        let model = model.map_err(|e| format!("the network cannot be read: {e}; expected an ONNX file of known operators"))?;
        let (inputs, outputs) = (model.input_ids().len(), model.output_ids().len());
        if inputs != 1 || outputs != 1 {
            return Err(format!("the network has {inputs} inputs and {outputs} outputs, expected one of each"));
        }
        Ok(Self(model))
    }

    /// A score for each row.
    pub(super) fn scores(&self, rows: &[[f32; FEATURES]]) -> Result<Vec<f32>, String> {
        let input = NdTensor::from_data([rows.len(), FEATURES], rows.concat());
        let options = RunOptions::default().with_thread_pool(Some(one_thread()));
        let expected = format!("expected an input of PHASES × {FEATURES} numbers (f32) and an output of a number for each phase");
        let output: Value = self.0.run_one(input.into(), Some(options)).map_err(|e| format!("the network failed: {e}; {expected}"))?;
        let output: rten_tensor::Tensor<f32> = output.try_into().map_err(|e| format!("the network's output: {e}; {expected}"))?;
        let scores = output.to_vec();
        if scores.len() != rows.len() {
            return Err(format!("the network gave {} numbers for {} phases; {expected}", scores.len(), rows.len()));
        }
        match scores.iter().find(|s| !s.is_finite()) {
            Some(s) => Err(format!("the network gave {s}; {expected}")),
            None => Ok(scores),
        }
    }
}
