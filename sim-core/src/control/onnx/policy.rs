//! The network of a controller: its bytes, which are saved with the run, and what was made of them.

use super::FEATURES;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A network that scores phases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Policy {
    /// The ONNX file.
    bytes: Arc<[u8]>,
    #[cfg(feature = "onnx")]
    #[serde(skip)]
    loaded: Arc<std::sync::OnceLock<Result<super::inference::Network, String>>>,
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Default for Policy {
    /// The small network that comes with the program; none where inference is not compiled in.
    fn default() -> Self {
        #[cfg(feature = "onnx")]
        let bytes = include_bytes!("tiny.onnx").as_slice();
        #[cfg(not(feature = "onnx"))]
        let bytes = [].as_slice();
        Self::of(bytes)
    }
}

impl Policy {
    /// The network of an ONNX file; [`Self::problem`] says whether it can be used.
    pub fn of(bytes: &[u8]) -> Self {
        Self {
            bytes: bytes.into(),
            #[cfg(feature = "onnx")]
            loaded: Arc::default(),
        }
    }

    /// What is wrong with it and what is expected.
    pub fn problem(&self) -> Option<String> {
        // Two phases about which nothing is known.
        self.scores(&[[0.0; FEATURES]; 2]).err()
    }

    /// A score for each phase.
    ///
    /// # Errors
    /// Not a network that can be run, or one with another input or output.
    #[cfg(feature = "onnx")]
    pub fn scores(&self, rows: &[[f32; FEATURES]]) -> Result<Vec<f32>, String> {
        let loaded = self.loaded.get_or_init(|| super::inference::Network::load(&self.bytes));
        loaded.as_ref().map_err(Clone::clone)?.scores(rows)
    }

    /// Says that inference is not compiled in.
    ///
    /// # Errors
    /// Always.
    #[cfg(not(feature = "onnx"))]
    pub fn scores(&self, _rows: &[[f32; FEATURES]]) -> Result<Vec<f32>, String> {
        Err("this program was built without ONNX inference; build it with `--features onnx`".into())
    }
}
