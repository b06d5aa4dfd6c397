using System.Security.Cryptography;

namespace ServiceCtl.Engine.Files;

/// <summary>
/// Folders of the agent's that may lie in memory, with a link in their place, where the disk takes nothing: what is in them is of use until
/// the next boot only, and another agent finds it by the link.
/// </summary>
internal static class StandInFolder
{
    private const string Memory = "/dev/shm";
    private const string Prefix = Memory + "/servicectl-";

    /// <summary>More than a launch writes.</summary>
    private const int Room = 64 * 1024;

    /// <summary>Makes a folder in which there is room, here or in memory.</summary>
    /// <exception cref="IOException">It can be made in neither.</exception>
    public static void Make(string folder)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var probe = Path.Combine(folder, ".room");
            try
            {
                File.WriteAllBytes(probe, new byte[Room]);
            }
            finally
            {
                File.Delete(probe);
            }
        }
        catch (IOException)
        {
            var memory = Prefix + RandomNumberGenerator.GetHexString(16, lowercase: true);
            Directory.CreateDirectory(memory, FileModes.PrivateFolder);
            try
            {
                if (Directory.Exists(folder))
                    Directory.Delete(folder);
                File.CreateSymbolicLink(folder, memory);
            }
            catch
            {
                Directory.Delete(memory);
                throw;
            }
        }
    }

    /// <summary>Where a folder really is.</summary>
    public static string Find(string folder) =>
        new FileInfo(folder).LinkTarget is { } target && target.StartsWith(Prefix, StringComparison.Ordinal) ? target : folder;

    /// <summary>Deletes an empty folder, wherever it is.</summary>
    public static void Delete(string folder)
    {
        var real = Find(folder);
        Directory.Delete(real);
        if (real != folder)
            File.Delete(folder);
    }
}
