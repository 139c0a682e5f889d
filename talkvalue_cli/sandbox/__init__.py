"""A TalkValue-compatible HTTP server on SQLite, for trying the tool and testing scripts.

Started as `python -m talkvalue_cli.sandbox` and reached only by URL. It shares no code
with the client: two independent readings of the HTTP contract expose each other's mistakes.
Routes use the work of people, imports, analytics, sign_in and faults, which use web and db.

`__main__` puts it together. A test can do the same in one process, on a clock of its own and
without threads or sleeps, by means of:

- `arguments.parse_arguments(options)`: what the command line says; raises OptionError;
- `db.store.Store(database, files)`, `sample.seed.add_sample_data(store, seed)`;
- `imports.worker.ImportWorker(store, rows_per_second, choose_faults, clock, wall)`: `run_turn()`
  does what can be done by `clock` and returns the pause to the next turn, None without work;
- `app.create_app(store, tokens, wake_worker, is_silent, rules, clock)`: the WSGI application;
- `faults.faulty_app.FaultyApp(app, plan, stopping, cut, clock, wall)`: the application with
  faults; all its waiting is `stopping.wait(seconds)`.

Clocks return seconds: `wall` and that of `create_app` since 1970, the others since any moment.
"""
