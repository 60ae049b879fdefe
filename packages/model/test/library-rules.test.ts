/** Frames as they occur → category and library. */
import { describe, expect, test } from 'vitest';
import {
  LIBRARY_CATEGORIES,
  LIBRARY_RULES,
  LibraryRuleError,
  makeFrameAttributor,
  nameCategory,
  parseLibraryRules,
  qualifiedName,
} from '../src/index.js';

const native = (module: string | null, functionName: string | null = null, file: string | null = null): string => {
  const { category, library } = makeFrameAttributor().attribute({ kind: 'native', module, functionName, file });
  return `${category}: ${library}`;
};
const python = (file: string, functionName = 'f'): string => {
  const { category, library } = makeFrameAttributor().attribute({ kind: 'python', module: null, functionName, file });
  return `${category}: ${library}`;
};

const TORCH = '/usr/lib/python3/dist-packages/torch/lib/libtorch_cpu.so';

test.each([
  [TORCH, 'at::native::empty_cpu(c10::ArrayRef<long>, std::optional<c10::ScalarType>)', 'framework: ATen'],
  [TORCH, 'at::Tensor at::native::foo<float>(at::Tensor const&)', 'framework: ATen'],
  [TORCH, 'void (anonymous namespace)::use(at::Tensor)', 'framework: PyTorch'],
  ['/lib/libtorch_python.so.2.6', 'torch::jit::initPythonIRBindings(_object*)', 'framework: torch.jit'],
  ['/lib/libtorch_python.so.2.6', 'THPVariable_initModule(_object*)', 'framework: PyTorch'],
  ['/lib/libc10.so.2.6', 'c10::alloc_cpu(unsigned long)', 'framework: c10'],
  ['/lib/libc10.so.2.6', null, 'framework: c10'],
  [TORCH, 'c10::StorageImpl::~StorageImpl()', 'framework: c10'],
  ['/v/site-packages/torch/_C.cpython-312-x86_64-linux-gnu.so', null, 'framework: PyTorch'],
  [TORCH, 'dnnl::impl::cpu::x64::jit_generator::create_kernel()', 'math: oneDNN'],
  ['/lib/libdnnl.so.3.6', 'dnnl_primitive_create', 'math: oneDNN'],
  [TORCH, 'Xbyak::MmapAllocator::alloc(unsigned long)', 'math: oneDNN'],
  [TORCH, 'mkl_serv_malloc', 'math: MKL'],
  ['/v/site-packages/ctranslate2.libs/libctranslate2-1.so.4', 'mm_internal_malloc', 'math: MKL'],
  ['/v/site-packages/ctranslate2.libs/libctranslate2-1.so.4', 'ctranslate2::Storage()', 'framework: CTranslate2'],
  ['/v/site-packages/jaxlib/libjax_common.so', 'xla::LocalClient::Compile()', 'framework: JAX'],
  ['/v/site-packages/tensorflow/libtensorflow_cc.so.2', 'xla::HloModule::Clone()', 'framework: TensorFlow'],
  ['/opt/serve/engine', 'xla::HloModule::Clone()', 'framework: XLA'],
  ['/v/site-packages/ai_edge_litert/_pywrap_litert_wrapper.so', 'tflite::Interpreter()', 'framework: LiteRT'],
  ['/v/site-packages/xgboost/lib/libxgboost.so', null, 'framework: XGBoost'],
  ['/v/site-packages/lightgbm/lib/lib_lightgbm.so', null, 'framework: LightGBM'],
  ['/v/site-packages/faiss/_swigfaiss.so', null, 'framework: Faiss'],
  ['/v/site-packages/tokenizers/tokenizers.abi3.so', null, 'framework: tokenizers'],
  ['/v/site-packages/llama_cpp/lib/libllama.so', null, 'framework: llama.cpp'],
  [
    '/lib/x86_64-linux-gnu/libonnxruntime.so.1.21',
    'onnxruntime::CPUAllocator::Alloc(unsigned long)',
    'framework: ONNX Runtime',
  ],
  ['/x/onnxruntime/capi/onnxruntime_pybind11_state.so', null, 'framework: ONNX Runtime'],
  ['/lib/x86_64-linux-gnu/libonnx.so.1', 'onnx::OpSchema::Input(int)', 'framework: ONNX'],
  ['/opt/llama/libggml-base.so', 'ggml_aligned_malloc', 'framework: ggml'],
  ['/opt/llama/libllama.so', 'llama_model_load_from_file', 'framework: llama.cpp'],
  ['/opt/server/main', 'ggml_init', 'framework: ggml'],
  ['/opt/trt/libnvinfer.so.10', null, 'framework: TensorRT'],
  ['/v/lib/python3.12/site-packages/triton/_C/libtriton.so', null, 'framework: Triton'],
  ['/opt/tritonserver/bin/tritonserver', null, 'framework: Triton Inference Server'],
  ['/v/lib/python3.12/site-packages/vllm/_C.abi3.so', null, 'framework: vLLM'],
  ['/v/lib/python3.12/site-packages/openvino/libs/libopenvino.so.2500', null, 'framework: OpenVINO'],
  ['/v/site-packages/tensorflow/libtensorflow_framework.so.2', null, 'framework: TensorFlow'],
  ['/v/site-packages/numpy.libs/libscipy_openblas64_-ff651d7f.so', 'dgemm', 'math: OpenBLAS'],
  ['/opt/intel/libmkl_core.so.2', null, 'math: MKL'],
  ['/usr/lib/x86_64-linux-gnu/libcuda.so.1', null, 'gpu: CUDA driver'],
  ['/v/site-packages/nvidia/cuda_runtime/lib/libcudart.so.12', null, 'gpu: CUDA runtime'],
  ['/v/site-packages/nvidia/cublas/lib/libcublasLt.so.12', null, 'gpu: cuBLAS'],
  ['/v/site-packages/nvidia/cusparse/lib/libcusparse.so.12', null, 'gpu: CUDA libraries'],
  ['/v/site-packages/numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so', null, 'package: numpy'],
  ['/v/site-packages/pandas/_libs/algos.cpython-313-x86_64-linux-gnu.so', null, 'package: pandas'],
  ['/v/site-packages/_cffi_backend.cpython-312-x86_64-linux-gnu.so', null, 'package: _cffi_backend'],
  ['/usr/bin/python3.13', '_PyEval_EvalFrameDefault', 'interpreter: CPython'],
  ['/usr/bin/python3.13', 'PyImport_ImportModuleLevelObject', 'importSystem: import system'],
  ['/usr/lib/libpython3.11.so.1.0', null, 'interpreter: CPython'],
  [
    '/usr/lib/python3.13/lib-dynload/_ctypes.cpython-313-x86_64-linux-gnu.so',
    null,
    'standardLibrary: standard library',
  ],
  ['/lib/x86_64-linux-gnu/libc.so.6', '__libc_start_main', 'system: C library'],
  ['/lib64/ld-linux-x86-64.so.2', '_dl_new_object', 'system: dynamic loader'],
  ['/lib/x86_64-linux-gnu/libstdc++.so.6', 'operator new(unsigned long)', 'system: C++ library'],
  ['/lib/x86_64-linux-gnu/libreadline.so.8', null, 'system: libreadline'],
  ['linux-vdso.so.1', null, 'system: kernel'],
  ['/opt/engine/libengine.so', 'serving::Arena<float>::grow(unsigned long)', 'application: libengine'],
  ['/usr/lib/python3/dist-packages/memray/_memray.cpython-313-x86_64-linux-gnu.so', null, 'profiler: memray'],
  [null, null, 'unknown: unknown'],
])('%s %s', (module, functionName, expected) => expect(native(module, functionName)).toBe(expected));

test('Python frames belong to their distribution, the standard library, the import system or the application', () => {
  expect(python('/v/lib/python3.12/site-packages/torch/nn/modules/module.py')).toBe('framework: PyTorch');
  expect(python('/v/lib/python3.12/site-packages/vllm/engine/llm_engine.py')).toBe('framework: vLLM');
  expect(python('/v/lib/python3.12/site-packages/requests/api.py')).toBe('package: requests');
  expect(python('/usr/lib/python3.13/json/decoder.py')).toBe('standardLibrary: standard library');
  expect(python('<frozen importlib._bootstrap>')).toBe('importSystem: import system');
  expect(python('/srv/app/serve.py')).toBe('application: application');
  // Names of native functions say nothing of a Python function.
  expect(python('/srv/app/serve.py', 'ggml_load')).toBe('application: application');
  expect(python('/usr/lib/python3/dist-packages/memray/commands/run.py')).toBe('profiler: memray');
});

test('a library that is all of its category has one name with it', () => {
  for (const file of [
    '<frozen importlib._bootstrap>',
    '/usr/lib/python3/json/decoder.py',
    '/srv/app/serve.py',
    '/v/site-packages/memray/a.py',
  ]) {
    const { category, library } = makeFrameAttributor().attribute({
      kind: 'python',
      module: null,
      functionName: 'f',
      file,
    });
    expect(nameCategory(category)).toBe(library);
  }
});

test('a function’s name is taken without result, template arguments and parameters', () => {
  for (const [whole, name] of [
    ['void at::native::f<int, A<B> >(int, char)', 'at::native::f'],
    ['std::vector<int, std::allocator<int> >::push_back(int&&)', 'std::vector::push_back'],
    ['serving::(anonymous namespace)::attention(unsigned long)', 'serving::(anonymous namespace)::attention'],
    ['auto f(int)::{lambda(auto:1)#1}::operator()<int>(int) const', 'f'],
    ['bool operator< <int>(A<int> const&)', 'operator< <int>(A<int> const&)'],
    ['operator new(unsigned long)', 'operator new(unsigned long)'],
    ['malloc', 'malloc'],
    ['', ''],
    ['<T>::make', '::make'],
  ]) {
    expect(qualifiedName(whole!)).toBe(name);
  }
});

test('no rule of the table asks for source files, or for functions of Python: frames are attributed without', () => {
  for (const rule of LIBRARY_RULES) {
    expect(rule.file).toBeUndefined();
    if (rule.package !== undefined) expect(rule.function).toBeUndefined();
  }
});

test('every rule of the table has a known category and something to match', () => {
  for (const rule of LIBRARY_RULES) {
    expect(LIBRARY_CATEGORIES).toContain(rule.category);
    expect(rule.module ?? rule.function ?? rule.file ?? rule.package).toBeDefined();
  }
});

describe('a user’s rules', () => {
  test('come before those of the table, and each list that is given must fit', () => {
    const own = parseLibraryRules(`{ "rules": [
      { "library": "its cache", "category": "framework", "module": "libengine*", "function": ["engine::Cache::*"] },
      { "library": "our engine", "category": "framework", "module": ["libengine*.so*", "libother.so"] },
      { "library": "our torch", "category": "mine", "package": ["torch"], "file": ["torch/nn/*"] }
    ] }`);
    const attributor = makeFrameAttributor(own);
    const of = (module: string, functionName: string | null): string =>
      attributor.attribute({ kind: 'native', module, functionName, file: null }).library;
    expect(of('/opt/libengine.so.1', 'engine::Cache::grow()')).toBe('its cache');
    expect(of('/opt/libengine.so.1', 'engine::run()')).toBe('our engine');
    expect(of('/opt/libother.so', 'engine::Cache::grow()')).toBe('our engine');
    expect(of('/opt/libengineer', null)).toBe('libengineer');
    const file = '/v/lib/python3.12/site-packages/torch/nn/modules/linear.py';
    expect(attributor.attribute({ kind: 'python', module: null, functionName: 'forward', file })).toMatchObject({
      category: 'mine',
    });
  });

  test('that are wrong say where and how', () => {
    const message = (text: string): string => {
      try {
        parseLibraryRules(text);
        return '';
      } catch (fault) {
        expect(fault).toBeInstanceOf(LibraryRuleError);
        return (fault as Error).message;
      }
    };
    const rule = (text: string): string => message(`{"rules":[{"library":"a","category":"b","module":"c"},${text}]}`);
    expect(message('{')).toMatch(/^is no JSON/);
    expect(message('[]')).toMatch(/^expected an object with "rules", as in \{"rules": \[\{.*, found \[\]$/);
    expect(message('{}')).toMatch(/^rules: expected a list of rules, as in \{"rules": \[\{.*, found nothing$/);
    expect(rule('7')).toBe('rules[1]: expected a rule, found 7');
    expect(rule('{"library":"a","category":"b"}')).toBe('rules[1]: needs one of module, function, file, package');
    expect(rule('{"category":"b","module":"c"}')).toBe(
      'rules[1].library: expected a text of 1 to 100 characters, found nothing',
    );
    expect(rule('{"library":"a","category":"b","module":[1]}')).toBe(
      'rules[1].module[0]: expected a text of 1 to 300 characters, found 1',
    );
    expect(rule('{"library":"a","category":"b","module":[]}')).toBe(
      'rules[1].module: expected a pattern or a list of patterns, found []',
    );
    expect(rule('{"library":"a","category":"b","modules":"c"}')).toBe(
      'rules[1]: "modules" is not among library, category, module, function, file, package, forCaller',
    );
    expect(rule('{"library":"a","category":"b","module":"c","forCaller":1}')).toBe(
      'rules[1].forCaller: expected true or false, found 1',
    );
    expect(message(`{"rules":[${'7,'.repeat(1000)}7]}`)).toMatch(/1000 rules at most/);
    expect(message(' '.repeat(2 ** 20 + 1))).toMatch(/more than/);
  });

  test('with many stars take no time', () => {
    const own = parseLibraryRules(
      JSON.stringify({ rules: [{ library: 'a', category: 'b', function: [`${'*a'.repeat(140)}b`] }] }),
    );
    const started = performance.now();
    makeFrameAttributor(own).attribute({ kind: 'native', module: null, functionName: 'a'.repeat(50_000), file: null });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
