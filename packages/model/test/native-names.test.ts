/** Names of native functions: what is left of long ones, and which only start threads. */
import { describe, expect, test } from 'vitest';

import { cutName } from '../src/analysis/findings/finding-place.js';
import { startsThread } from '../src/analysis/thread-starters.js';
import { shortenSymbol } from '../src/text/shorten-symbol.js';

describe('a long name of a native function', () => {
  test.each([
    ['<Map<Iter<u8>, F> as Iterator>::next', 30, '<Map<…> as Iterator>::next'],
    ['<Map<Iter<u8>, F> as Iterator>::next', 20, '<…>::next'],
    ['std::vector<int, std::allocator<int>>::push_back(int const&)', 50, 'std::vector<…>::push_back(…)'],
    ['ns::operator<<(std::ostream&, Matrix<double> const&)', 40, 'ns::operator<<(…)'],
    ['(anonymous namespace)::Cache<Key>::operator()(Key const&)', 45, '(anonymous namespace)::Cache<…>::operator()(…)'],
    ['f::<fn(alloc::string::String) -> u8>::g', 15, 'f::<…>::g'],
    ['a_name_without_any_brackets', 10, 'a_name_without_any_brackets'],
    ['half<of<a>::name_that_was_cut', 10, 'half<of<a>::name_that_was_cut'],
    ['short<T>', 8, 'short<T>'],
  ])('%s in %i characters', (name, longest, shown) => {
    expect(shortenSymbol(name, longest)).toBe(shown);
  });

  test('has no half bracket in a sentence, so that no part of it looks like a name', () => {
    const name =
      'std::sys::backtrace::begin::<<rayon_core::registry::DefaultSpawn as ' +
      'rayon_core::registry::ThreadSpawn>::spawn::{closure#0}, ()>';
    expect(cutName(name)).toBe('std::sys::backtrace::begin::<<…>::spawn::{closure#0}, ()>');
  });
});

describe('a function that only starts threads', () => {
  test.each([
    'clone3',
    '__GI___clone3',
    'start_thread',
    'execute_native_thread_routine',
    '<std::sys::thread::unix::Thread>::new::thread_start',
    'std::sys::pal::unix::thread::Thread::new::thread_start',
    '<std::thread::lifecycle::spawn_unchecked<F, ()>::{closure#1} as core::ops::function::FnOnce<()>>::call_once::{shim:vtable#0}',
    'std::sys::backtrace::__rust_begin_short_backtrace::<F, ()>',
    'std::thread::_State_impl<std::thread::_Invoker<std::tuple<F> > >::_M_run()',
  ])('is %s', (name) => {
    expect(startsThread(name)).toBe(true);
  });

  test.each([
    null,
    'clone',
    '<rayon_core::registry::ThreadBuilder>::run',
    'engine::start_thread_pool',
    '<core::option::Option<T> as core::ops::function::FnOnce<()>>::call_once',
  ])('is not %s', (name) => {
    expect(startsThread(name)).toBe(false);
  });
});
