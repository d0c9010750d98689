namespace Ext4.Corpus.Tests;

/// <summary>Every image of the corpus, whatever is wrong with it, ends in a correct mount or one clear refusal.</summary>
public sealed class CorpusTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_corpus_image_is_walked_or_refused_within_its_limits()
    {
        if (CorpusFile.Directory is null)
        {
            output.WriteLine("CORPUS= names no directory: only generated images and their mutants were used.");
            return;
        }

        var watchdog = new Watchdog();
        watchdog.Run(1, _ =>
        {
            foreach (string file in CorpusFile.All()) WalkAll(file, watchdog);
        });
    }

    private void WalkAll(string file, Watchdog watchdog)
    {
        string target = MemoryDirectory.Create("ext4-corpus-");
        try
        {
            foreach (string image in CorpusFile.Unpack(file, target))
            {
                using var device = new FileDevice(image);
                watchdog.Begin(file);
                ExerciseResult result = VolumeExercise.Run(device);
                watchdog.End();
                output.WriteLine($"{Path.GetFileName(file)}/{Path.GetFileName(image)}: {result}");
            }
        }
        finally
        {
            Directory.Delete(target, recursive: true);
        }
    }
}
