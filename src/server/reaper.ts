/** A folder and the processes in it → a small shell process that outlives a killed runner, and cleans up after it. */
import { SOCKET } from './sign-of-life.ts';
import { type Survivor, startSurvivor } from './survivor.ts';

/**
 * Reads the folder, a pattern for arguments and one for a variable that name something in it, then `+PID`, `-PID`, `keep` and `done`. The end of the pipe without `done` is the
 * runner's end. A process that was started and not yet announced has the folder in an argument (only Linux tells cheaply). The sign of life goes last, so
 * that the next run ends what is ended here halfway.
 */
const SCRIPT = `
trap '' INT TERM HUP
IFS= read -r folder && IFS= read -r pattern && IFS= read -r variable || exit 0
tracked=' ' kept=
end() { kill -s KILL -- "-$1" || kill -s KILL "$1"; }
while IFS= read -r line; do
  case $line in
    +*) tracked="$tracked\${line#+} " ;;
    -*) pid=\${line#-}
        case $tracked in *" $pid "*) tracked="\${tracked%%" $pid "*} \${tracked#*" $pid "}" ;; esac ;;
    keep) kept=1 ;;
    done) exit 0 ;;
  esac
done
exec 2>/dev/null
for pid in $tracked; do end "$pid"; done
[ -z "$kept" ] || exit 0
if [ -r /proc/self/cmdline ]; then
  printf '%s\\n' "$pattern" "$variable" | grep -lz -f - /proc/[0-9]*/cmdline /proc/[0-9]*/environ | while IFS=/ read -r _ _ pid _; do end "$pid"; done
fi
chmod -R u+rwx -- "$folder"
for round in 1 2 3 4 5; do
  for entry in "$folder"/* "$folder"/.[!.]*; do
    [ "$entry" = "$folder/${SOCKET}" ] || rm -rf -- "$entry"
  done
  rm -rf -- "$folder"
  [ -e "$folder" ] || exit 0
  sleep 1
done
`;

/** Starts it. Where there is no `sh`, the next run's sweep must do. */
export function startReaper(folder: string): Survivor {
  const reaper = startSurvivor('sh', ['-c', SCRIPT, 'lockerroom-reaper']);
  const pattern = folder.replace(/[\\.*[\]^$]/g, '\\$&');
  for (const line of [folder, `^${pattern}/`, `^[A-Za-z_]*=${pattern}/`]) reaper.say(line);
  return reaper;
}
