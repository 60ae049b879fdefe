/**
 * The rules that come with memscope, in the order in which they are tried: inference frameworks and their parts, numeric
 * kernels, GPU libraries, the interpreter, the system. Extend them with a file of your own (parse-library-rules.ts),
 * whose rules are tried first.
 */
import type { LibraryRule } from './library-rule.js';

/** PyTorch's libraries hold several parts: their namespaces tell these apart. */
const TORCH_MODULES = ['libtorch*', 'libc10*', 'torch/_C.*.so', 'libcaffe2*', 'libshm.so*', 'torch/lib/*'];

export const LIBRARY_RULES: readonly LibraryRule[] = [
  // The profiler's own allocations, as far as it records them.
  { category: 'profiler', library: 'memray', module: ['_memray*.so', '_inject*.so'] },
  { category: 'profiler', library: 'memray', package: ['memray'] },

  // Parts that frameworks carry within their own libraries: what they ask for is theirs, not the framework's.
  { category: 'math', library: 'oneDNN', function: ['dnnl::*', 'dnnl_*', 'ideep::*', 'Xbyak::*'] },
  { category: 'math', library: 'oneDNN', module: ['libdnnl*', 'libmkldnn*'] },
  { category: 'math', library: 'MKL', function: ['mkl_*', 'MKL_*', 'mm_internal_malloc', 'mm_account_ptr_by_tid*'] },
  { category: 'math', library: 'MKL', module: ['libmkl*'] },

  // PyTorch
  { category: 'framework', library: 'ATen', module: TORCH_MODULES, function: ['at::*'] },
  // All of PyTorch allocates through c10.
  { category: 'framework', library: 'c10', function: ['c10::*'], forCaller: true },
  { category: 'framework', library: 'c10', module: ['libc10*'], forCaller: true },
  { category: 'framework', library: 'torch.jit', module: TORCH_MODULES, function: ['torch::jit::*'] },
  { category: 'framework', library: 'torch.autograd', module: TORCH_MODULES, function: ['torch::autograd::*'] },
  { category: 'framework', library: 'PyTorch', module: TORCH_MODULES },
  { category: 'framework', library: 'PyTorch', package: ['torch', 'torchvision', 'torchaudio', 'functorch'] },

  // ONNX Runtime and ONNX
  { category: 'framework', library: 'ONNX Runtime', module: ['libonnxruntime*', 'onnxruntime_pybind11_state*'] },
  { category: 'framework', library: 'ONNX Runtime', function: ['onnxruntime::*'] },
  { category: 'framework', library: 'ONNX Runtime', package: ['onnxruntime', 'onnxruntime_genai'] },
  { category: 'framework', library: 'ONNX', module: ['libonnx.so*', 'libonnx_proto.so*', 'onnx_cpp2py_export*'] },
  { category: 'framework', library: 'ONNX', function: ['onnx::*'] },
  { category: 'framework', library: 'ONNX', package: ['onnx'] },

  // llama.cpp
  { category: 'framework', library: 'ggml', module: ['libggml*'] },
  { category: 'framework', library: 'ggml', function: ['ggml_*', 'gguf_*'] },
  { category: 'framework', library: 'llama.cpp', module: ['libllama*', 'libmtmd*', 'llama-*'] },
  { category: 'framework', library: 'llama.cpp', function: ['llama_*', 'llama::*'] },
  { category: 'framework', library: 'llama.cpp', package: ['llama_cpp'] },

  // TensorRT, before CUDA's own libraries
  { category: 'framework', library: 'TensorRT', module: ['libnvinfer*', 'libnvonnxparser*', 'libnvparsers*'] },
  { category: 'framework', library: 'TensorRT', function: ['nvinfer1::*', 'nvonnxparser::*'] },
  { category: 'framework', library: 'TensorRT-LLM', module: ['libtensorrt_llm*'] },
  { category: 'framework', library: 'TensorRT-LLM', function: ['tensorrt_llm::*'] },
  { category: 'framework', library: 'TensorRT-LLM', package: ['tensorrt_llm'] },
  {
    category: 'framework',
    library: 'TensorRT',
    package: ['tensorrt', 'tensorrt_bindings', 'tensorrt_libs', 'torch_tensorrt'],
  },

  // Triton: the compiler's library lies in the package, the inference server is another program
  { category: 'framework', library: 'Triton', module: ['libtriton*'] },
  { category: 'framework', library: 'Triton', package: ['triton'] },
  { category: 'framework', library: 'Triton Inference Server', module: ['tritonserver', 'libtritonserver*'] },
  {
    category: 'framework',
    library: 'Triton Inference Server',
    function: ['triton::core::*', 'TRITONSERVER_*', 'TRITONBACKEND_*'],
  },

  // vLLM
  { category: 'framework', library: 'vLLM', module: ['vllm/*.so'] },
  { category: 'framework', library: 'vLLM', function: ['vllm::*'] },
  { category: 'framework', library: 'vLLM', package: ['vllm'] },

  // OpenVINO
  { category: 'framework', library: 'OpenVINO', module: ['libopenvino*', '_pyopenvino*'] },
  { category: 'framework', library: 'OpenVINO', function: ['ov::*'] },
  { category: 'framework', library: 'OpenVINO', package: ['openvino', 'openvino_genai'] },

  // JAX and its compiler; LiteRT's interpreter. TensorFlow holds the same namespaces in libraries of its own.
  { category: 'framework', library: 'JAX', package: ['jax', 'jaxlib', 'jax_plugins'] },
  {
    category: 'framework',
    library: 'LiteRT',
    package: ['ai_edge_litert', 'tflite_runtime', 'tflite_support'],
  },

  // TensorFlow
  { category: 'framework', library: 'TensorFlow', module: ['libtensorflow*', '_pywrap_tensorflow*', '_pywrap_tf*'] },
  { category: 'framework', library: 'TensorFlow', package: ['tensorflow', 'tensorflow_cpu'] },
  { category: 'framework', library: 'Keras', package: ['keras', 'tf_keras'] },
  { category: 'framework', library: 'TensorFlow', function: ['tensorflow::*'] },
  { category: 'framework', library: 'LiteRT', function: ['tflite::*'] },
  { category: 'framework', library: 'XLA', function: ['xla::*', 'tsl::*'] },

  // Others that train, infer, search or tokenize
  { category: 'framework', library: 'CTranslate2', module: ['libctranslate2*'] },
  { category: 'framework', library: 'CTranslate2', package: ['ctranslate2'] },
  { category: 'framework', library: 'XGBoost', module: ['libxgboost*'] },
  { category: 'framework', library: 'XGBoost', package: ['xgboost'] },
  { category: 'framework', library: 'LightGBM', module: ['lib_lightgbm*'] },
  { category: 'framework', library: 'LightGBM', package: ['lightgbm'] },
  { category: 'framework', library: 'CatBoost', package: ['catboost'] },
  { category: 'framework', library: 'Faiss', module: ['libfaiss*', '_swigfaiss*'] },
  { category: 'framework', library: 'Faiss', package: ['faiss'] },
  { category: 'framework', library: 'tokenizers', package: ['tokenizers'] },
  { category: 'framework', library: 'safetensors', package: ['safetensors'] },
  { category: 'framework', library: 'SentencePiece', package: ['sentencepiece'] },
  { category: 'framework', library: 'Transformers', package: ['transformers', 'sentence_transformers'] },
  { category: 'package', library: 'Polars', package: ['polars', '_polars_runtime*'] },
  { category: 'package', library: 'DuckDB', package: ['duckdb', '_duckdb'] },
  { category: 'framework', library: 'scikit-learn', package: ['sklearn'] },

  // Numeric kernels
  { category: 'math', library: 'OpenBLAS', module: ['libopenblas*', 'libscipy_openblas*'] },
  {
    category: 'math',
    library: 'BLAS',
    module: ['libblas.so*', 'libcblas.so*', 'liblapack*.so*', 'libblis*', 'libatlas*'],
  },
  { category: 'math', library: 'XNNPACK', module: ['libXNNPACK*'] },
  { category: 'math', library: 'XNNPACK', function: ['xnn_*'] },
  { category: 'math', library: 'OpenMP', module: ['libgomp*', 'libiomp5*', 'libomp*.so*'] },
  { category: 'math', library: 'pthreadpool', module: ['libpthreadpool*'] },
  { category: 'math', library: 'cpuinfo', module: ['libcpuinfo*'] },
  { category: 'math', library: 'FFTW', module: ['libfftw*'] },

  // GPU
  { category: 'gpu', library: 'CUDA driver', module: ['libcuda.so*', 'libnvidia-*', 'libcudadebugger*'] },
  { category: 'gpu', library: 'CUDA runtime', module: ['libcudart*'] },
  { category: 'gpu', library: 'cuBLAS', module: ['libcublas*'] },
  { category: 'gpu', library: 'cuDNN', module: ['libcudnn*'] },
  { category: 'gpu', library: 'NCCL', module: ['libnccl*'] },
  {
    category: 'gpu',
    library: 'CUDA compiler',
    module: ['libnvrtc*', 'libnvJitLink*', 'libnvjitlink*', 'libnvptxcompiler*'],
  },
  { category: 'gpu', library: 'CUDA libraries', module: ['libcu*', 'libnv*', 'nvidia/*.so*'] },
  {
    category: 'gpu',
    library: 'ROCm',
    module: ['libamdhip*', 'libhsa-runtime*', 'librocblas*', 'libMIOpen*', 'libhip*', 'librccl*'],
  },

  // Python
  { category: 'package', library: 'numpy', module: ['_multiarray_umath*', '_umath_linalg*', 'numpy/*.so'] },
  { category: 'package', library: 'numpy', package: ['numpy'] },
  {
    category: 'importSystem',
    library: 'import system',
    module: ['python*', 'libpython*'],
    function: ['PyImport_*', '_PyImport_*', 'import_*', '_imp_*', 'PyMarshal_*', 'r_object', 'builtin___import__'],
  },
  { category: 'interpreter', library: 'CPython', module: ['python', 'python2*', 'python3*', 'libpython*'] },
  { category: 'interpreter', library: 'PyPy', module: ['pypy*', 'libpypy*'] },
  { category: 'standardLibrary', library: 'standard library', module: ['lib-dynload/*'] },
  { category: 'interpreter', library: 'libffi', module: ['libffi*'] },

  // The system
  { category: 'system', library: 'dynamic loader', module: ['ld-linux*', 'ld-musl*', 'ld-*.so*'] },
  {
    category: 'system',
    library: 'C library',
    module: ['libc.so*', 'libc-*.so', 'libm.so*', 'libpthread*', 'libdl.so*', 'librt.so*'],
  },
  { category: 'system', library: 'C++ library', module: ['libstdc++*', 'libc++*', 'libgcc_s*'] },
  { category: 'system', library: 'allocator', module: ['libjemalloc*', 'libtcmalloc*', 'libmimalloc*', 'libhoard*'] },
  { category: 'system', library: 'kernel', module: ['linux-vdso*', '[vdso]', 'linux-gate*'] },
];
