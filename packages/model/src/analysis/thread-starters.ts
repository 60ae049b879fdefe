/**
 * Native functions that only start threads, of the C library and of the runtimes of C++, Rust and Python: above all that a
 * thread does, they tell nothing of it. By names as symbols have them.
 */
const STARTERS =
  /^(?:_+(?:GI_+)?clone3?|clone3|start_thread|thread_start|_pthread_(?:start|body)|execute_native_thread_routine|pythread_wrapper|thread_run)$/;
/** Rust's, at any place in a name: "<std::sys::thread::unix::Thread>::new::thread_start". */
const OF_RUST =
  /^<?std::sys::.*\bthread_start\b|^<?std::thread::.*\bspawn_unchecked|\b__rust_begin_short_backtrace\b|^<?std::panic(?:king)?::(?:try|catch_unwind|do_call)/;
/** "std::thread::_State_impl<…>::_M_run", "std::thread::_Invoker<…>::operator()". */
const OF_CPP = /^(?:void )?std::thread::_(?:State_impl|Invoker)\b/;

export function startsThread(functionName: string | null): boolean {
  if (functionName === null) return false;
  return STARTERS.test(functionName) || OF_RUST.test(functionName) || OF_CPP.test(functionName);
}
