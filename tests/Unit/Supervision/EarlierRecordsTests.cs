using ServiceCtl.Engine.Supervision;

namespace ServiceCtl.Tests.Unit.Supervision;

/// <summary>
/// A newer version takes on what the one before left running, so it reads that one's records: the files of the folder Records are 0.1.0's.
/// One that can't be read is a generation that is ended and started again.
/// </summary>
public sealed class EarlierRecordsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sc-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("gunicorn-unix", "gunicorn", "/srv/gunicorn-unix/s.sock")]
    [InlineData("python-ipv6", "python", "[::1]:57909")]
    [InlineData("uvicorn-ipv4", "uvicorn", "127.0.0.1:56427")]
    [InlineData("uwsgi-ipv4", "uwsgi", "127.0.0.1:33025")]
    public void A_record_of_the_version_before_is_read(string name, string runner, string listen)
    {
        File.Copy(Path.Combine(Repository.Root, "tests", "Unit", "Supervision", "Records", name + ".json"),
            Path.Combine(_folder, "serving.json"));

        var record = Assert.IsType<GenerationRecord>(GenerationRecord.TryRead(_folder));

        Assert.Equal((1, true, true), (record.Number, record.IsServing, record.HasSocket));
        Assert.Single(record.Instances);
        Assert.Equal((runner, listen), (record.Definition.Runner, record.Definition.Listen?.ToString()));
        Assert.NotNull(record.Definition.Mask);
    }
}
