/** What may be typed behind `lockerroom doctor`, and what is then done. */
import { type CommandSpec, type ReporterSpec, reporterOption, reportersOf } from './options.ts';

export interface DoctorArguments {
  reporters: ReporterSpec[];
}

const DOCTOR_EXAMPLES = `
Examples:
  lockerroom doctor                                what is here, what is missing, what to type
  lockerroom doctor --reporter json                { "ok", "checks" }

Exit codes: 0 lessons can be run (Node suits, and a nats-server is here or can be installed), 2 wrong usage, 3 they cannot,
130 Ctrl-C, 70 a defect of lockerroom itself.`;

export const DOCTOR: CommandSpec = {
  name: 'doctor',
  declare(command, choose) {
    reporterOption(
      command.description('say what is here of what runs need (Node, nats-server, nats, Go, Docker), what is missing and what to do; installs nothing'),
    )
      .addHelpText('after', DOCTOR_EXAMPLES)
      .action(({ reporter }) => {
        const args: DoctorArguments = { reporters: reportersOf(reporter) };
        choose(async (context) => (await import('./doctor-command.ts')).doctorCommand(args, context));
      });
  },
  failed: () => ({ ok: false, checks: [] }),
};
