namespace EasyIsp.Web.Commands;

/// <summary>What the executable does besides serving: <c>prepare</c> and <c>create-super-admin</c>.</summary>
internal static class CommandLine
{
    /// <returns>The exit code, or null when there was no command and the process is to serve.</returns>
    public static async Task<int?> RunAsync(string[] args)
    {
        if (args is not [var command, ..] || command.StartsWith('-'))
            return null;

        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(args[1..])
            .Build();
        return command switch
        {
            "prepare" => await PrepareCommand.RunAsync(configuration, Console.Out, Console.Error, CancellationToken.None),
            "create-super-admin" => await CreateSuperAdminCommand.RunAsync(
                configuration, new TerminalPrompt(), ifMissing: args.Contains("--if-missing"), CancellationToken.None),
            _ => Unknown(command),
        };
    }

    private static int Unknown(string command)
    {
        Console.Error.WriteLine($"There is no command '{command}'. Commands are: prepare, create-super-admin.");
        return 64;
    }
}
