//! Ready texts for schedulers: an array script, a command line, a manifest. The engine itself knows none of them.

use super::seeds::SeedRange;
use crate::suite::shell_word;

/// Whose text it is.
#[derive(Copy, Clone, Debug, Eq, PartialEq)]
pub enum PlanKind {
    /// A batch script with an array, for `sbatch`.
    Slurm,
    /// A command line of GNU parallel.
    Parallel,
    /// A manifest of an indexed job, for `kubectl apply`.
    Kubernetes,
}

/// The text. `words` is the sweep's command without a shard, word by word, from `sweep` on; it writes to the folder `out`.
pub fn plan(kind: PlanKind, words: &[String], out: &str, seeds: SeedRange, shards: u64) -> String {
    let command = line(words);
    let merge = line(&["merge".to_owned(), out.to_owned()]);
    match kind {
        PlanKind::Slurm => format!(
            "#!/bin/sh\n\
             #SBATCH --job-name=pptp-sim\n\
             #SBATCH --array=1-{shards}\n\
             #SBATCH --ntasks=1\n\
             #SBATCH --cpus-per-task=1\n\
             #SBATCH --requeue\n\
             # The seeds {seeds} in {shards} shards, one a task. A task that is run again (scontrol requeue, or sbatch --array=3 for the third)\n\
             # goes on where it was. When all have ended: {merge}\n\
             exec {command} --jobs 1 --resume --shard \"$SLURM_ARRAY_TASK_ID/{shards}\"\n"
        ),
        PlanKind::Parallel => format!(
            "# The seeds {seeds} in {shards} shards. The same line once more plays what failed; when all have ended: {merge}\n\
             parallel --joblog {} --resume-failed {} ::: $(seq {shards})\n",
            shell_word(&format!("{out}.joblog")),
            shell_word(&format!(
                "{command} --jobs 1 --resume --shard {{}}/{shards}"
            )),
        ),
        PlanKind::Kubernetes => kubernetes(words, &merge, seeds, shards),
    }
}

fn line(words: &[String]) -> String {
    let words = words.iter().map(|word| shell_word(word));
    let mut line = "pptp-sim".to_owned();
    for word in words {
        line.push(' ');
        line.push_str(&word);
    }
    line
}

fn kubernetes(words: &[String], merge: &str, seeds: SeedRange, shards: u64) -> String {
    let ends = ["--jobs", "1", "--resume"].map(str::to_owned);
    // JSON strings are YAML.
    let quoted = words
        .iter()
        .chain(&ends)
        .map(|word| serde_json::json!(word).to_string());
    let arguments: Vec<String> = quoted.collect();
    format!(
        "# The seeds {seeds} in {shards} shards; each pod finds its own in JOB_COMPLETION_INDEX. Put your image and your volume in place of\n\
         # those named pptp-sim: the folder of the results must be on it, and so must scenarios of your own. A pod that is lost is replaced,\n\
         # and goes on where it was; one that found failures (1, 4) or mistakes (2) would find them again. For Kubernetes 1.29 and later.\n\
         # When all have ended: {merge}\n\
         apiVersion: batch/v1\n\
         kind: Job\n\
         metadata:\n\
         \x20 name: pptp-sim\n\
         spec:\n\
         \x20 completionMode: Indexed\n\
         \x20 completions: {shards}\n\
         \x20 parallelism: {shards}\n\
         \x20 backoffLimitPerIndex: 6\n\
         \x20 podFailurePolicy:\n\
         \x20   rules:\n\
         \x20     - action: FailIndex\n\
         \x20       onExitCodes:\n\
         \x20         operator: In\n\
         \x20         values: [1, 2, 4]\n\
         \x20 template:\n\
         \x20   spec:\n\
         \x20     restartPolicy: Never\n\
         \x20     containers:\n\
         \x20       - name: pptp-sim\n\
         \x20         image: pptp-sim\n\
         \x20         command: [\"pptp-sim\"]\n\
         \x20         args: [{}]\n\
         \x20         workingDir: /results\n\
         \x20         env:\n\
         \x20           - name: JOB_COMPLETIONS\n\
         \x20             value: \"{shards}\"\n\
         \x20         resources:\n\
         \x20           requests:\n\
         \x20             cpu: \"1\"\n\
         \x20         volumeMounts:\n\
         \x20           - name: results\n\
         \x20             mountPath: /results\n\
         \x20     volumes:\n\
         \x20       - name: results\n\
         \x20         persistentVolumeClaim:\n\
         \x20           claimName: pptp-sim\n",
        arguments.join(", ")
    )
}
