/** Mangled names against what GCC's own demangler (and rustc's) says of them. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { demangle } from '../src/demangle/demangle.js';
import { hasTool } from './build-library.js';

/** As `__cxa_demangle` of GCC 12 answers. */
const CPLUSPLUS: readonly (readonly [mangled: string, name: string])[] = [
  ['_Znwm', 'operator new(unsigned long)'],
  ['_ZdlPvm', 'operator delete(void*, unsigned long)'],
  ['_ZN2at9from_blobEPvN3c108ArrayRefIlEE', 'at::from_blob(void*, c10::ArrayRef<long>)'],
  ['_ZN7serving12_GLOBAL__N_19attentionEi', 'serving::(anonymous namespace)::attention(int)'],
  [
    '_ZNSsC1EPKcRKSaIcE',
    'std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(char const*, std::allocator<char> const&)',
  ],
  ['_ZNKSs4sizeEv', 'std::string::size() const'],
  ['_ZN3FooD2Ev', 'Foo::~Foo()'],
  ['_ZN3FoocvbEv', 'Foo::operator bool()'],
  ['_ZN3FoocvT_IiEEv', 'Foo::operator int<int>()'],
  ['_ZlsRSoRK3Foo', 'operator<<(std::ostream&, Foo const&)'],
  ['_ZltIiEbRK1AIT_ES4_', 'bool operator< <int>(A<int> const&, A<int> const&)'],
  ['_Z1fIiEvT_PFvS0_E', 'void f<int>(int, void (*)(int))'],
  ['_Z1gPFPFvcEiE', 'g(void (*(*)(int))(char))'],
  ['_Z1hRA3_KiM1AFvvEM1Ai', 'h(int const (&) [3], void (A::*)(), int A::*)'],
  ['_Z1kA2_A3_i', 'k(int [2][3])'],
  ['_ZNK1A3getEv.isra.0', 'A::get() const [clone .isra.0]'],
  ['_Z1fv.part.0.cold', 'f() [clone .part.0] [clone .cold]'],
  ['_ZTVN2at6TensorE', 'vtable for at::Tensor'],
  ['_ZThn16_N1A1fEv', 'non-virtual thunk to A::f()'],
  ['_ZTv0_n24_N1A1fEv', 'virtual thunk to A::f()'],
  ['_ZGVZ1fvE1x', 'guard variable for f()::x'],
  ['_ZZ1fiENKUlT_E_clIiEEDaS_', 'auto f(int)::{lambda(auto:1)#1}::operator()<int>(int) const'],
  ['_ZZN1A1gEvENUt_4callEv', 'A::g()::{unnamed type#1}::call()'],
  ['_Z1fIJidEEvDpOT_', 'void f<int, double>(int&&, double&&)'],
  ['_Z1fIJEEvDpT_', 'void f<>()'],
  ['_Z1fILj5ELb1ELc65ELln3EEvv', 'void f<5u, true, (char)65, -3l>()'],
  ['_Z1fB5cxx11v', 'f[abi:cxx11]()'],
  [
    '_ZSt11make_uniqueIA_fJmEENSt9_MakeUniqIT_E7__arrayEDpT0_',
    'std::_MakeUniq<float []>::__array std::make_unique<float [], unsigned long>(unsigned long)',
  ],
  ['_Z1fDn', 'f(decltype(nullptr))'],
  ['_Z1fRVKPc', 'f(char* const volatile&)'],
  ['_ZN1AIXadL_Z1gvEEE1fEv', 'A<&g>::f()'],
  ['_Z1fIiEDTplfp_fp_ET_', 'decltype ({parm#1}+{parm#1}) f<int>(int)'],
  ['_ZNO1A1fEv', 'A::f() &&'],
  ['_Z1fPFvvE', 'f(void (*)())'],
  ['_Z1fPDoFvvE', 'f(void (*)() noexcept)'],
  ['_ZTH1x', 'TLS init function for x'],
];

/** As rustc's own demangler answers without hashes. */
const RUST: readonly (readonly [mangled: string, name: string])[] = [
  ['_ZN4core3fmt9Formatter3pad17h0123456789abcdefE', 'core::fmt::Formatter::pad'],
  [
    '_ZN81_$LT$std..io..default_write_fmt..Adapter$LT$T$GT$$u20$as$u20$core..fmt..Write$GT$9write_str17hca21dcaa8c134fb9E',
    '<std::io::default_write_fmt::Adapter<T> as core::fmt::Write>::write_str',
  ],
  ['_ZN1r3foo13gr$uf6$$udf$e17hcce8715617b8b2c0E', 'r::foo::größe'],
  ['_RNvMNtCs1234_7mycrate3fooNtB2_3Bar4make', '<mycrate::foo::Bar>::make'],
  ['_RNvNtCs6GmmlP4bgsG_1r3foou9gre_6ka8i', 'r::foo::größe'],
  ['_RINvNtCs6GmmlP4bgsG_1r3foo3cstKc78_Kb1_Kln5_EB4_', "r::foo::cst::<'x', true, -5>"],
  ['_RNCNvCs6GmmlP4bgsG_1r4mains_0B3_', 'r::main::{closure#1}'],
  ['_RINvNtCs6GmmlP4bgsG_1r3foo3genThQSlFEuEEB4_', 'r::foo::gen::<(u8, &mut [i32], fn())>'],
  [
    '_RINvNtCs6GmmlP4bgsG_1r3foo3genDG_INtNtNtCsgEmfK2I1SDS_4core3ops8function2FnTRL0_eEEp6OutputbEL_EB4_',
    "r::foo::gen::<dyn for<'a> core::ops::function::Fn<(&'a str,), Output = bool>>",
  ],
];

describe('demangling', () => {
  test.each(CPLUSPLUS)('%s', (mangled, name) => expect(demangle(mangled)).toBe(name));
  test.each(RUST)('%s', (mangled, name) => expect(demangle(mangled)).toBe(name));

  test('names that are not mangled, or in no way we know, stay as they are', () => {
    for (const name of [
      'malloc',
      '_PyEval_EvalFrameDefault',
      '_Z',
      '_ZN',
      '_ZN3foo',
      '_Zfoo',
      '_R',
      '_RNv',
      '',
      '_ZS_',
    ]) {
      expect(demangle(name)).toBe(name);
    }
  });

  test('a C++ name that merely ends like a Rust hash is one of C++', () => {
    expect(demangle('_ZN3foo17h0000000000000000E')).toBe('foo::h0000000000000000');
  });

  test('a short name that stands for an endless one is left alone, at once', () => {
    let bomb = '_Z1fSt4pairIiiE';
    for (let level = 0; level < 30; level++) {
      const last = `S${level.toString(36).toUpperCase()}_`;
      bomb += `S_I${last}${last}E`;
    }
    const started = performance.now();
    expect(demangle(bomb)).toBe(bomb);
    for (const nest of ['P', 'DpT', 'N', 'XadL_Z', 'F', 'Dp', 'Z', 'RINv', 'A_']) {
      const deep = `_Z1f${nest.repeat(4000)}`;
      expect(demangle(deep)).toBe(deep);
    }
    const digits = `_ZN${'3at17h'.repeat(2000)}`;
    expect(demangle(digits)).toBe(digits);
    const rust = `_RI${'C1a'.repeat(1)}${'TB_'.repeat(2000)}E`;
    expect(demangle(rust)).toBe(rust);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test('no damaged name is a fault', () => {
    let seed = 7;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    const names = [...CPLUSPLUS, ...RUST].map(([mangled]) => mangled);
    const letters = '_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz$.'.split('');
    for (let round = 0; round < 20_000; round++) {
      const name = names[random(names.length)]!.split('');
      for (let change = random(3); change >= 0; change--) {
        const at = 2 + random(Math.max(1, name.length - 2));
        name.splice(at, random(3), ...Array.from({ length: random(3) }, () => letters[random(letters.length)]!));
      }
      expect(typeof demangle(name.join(''))).toBe('string');
    }
  });

  test.runIf(hasTool('c++filt'))('c++filt of this machine agrees where its spelling is the same', () => {
    const spelled = CPLUSPLUS.filter(([mangled]) => !/S[sio]|XadL/.test(mangled));
    const answers = execFileSync('c++filt', { input: spelled.map(([mangled]) => `${mangled}\n`).join('') }).toString();
    expect(answers.trimEnd().split('\n')).toEqual(spelled.map(([, name]) => name));
  });
});
