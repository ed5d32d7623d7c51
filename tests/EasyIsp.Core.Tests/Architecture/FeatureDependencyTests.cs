using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using Xunit;

namespace EasyIsp.Core.Tests.Architecture;

/// <summary>A feature may know the features on the levels below its own, and no others. The table is the rule (design: who may know whom).</summary>
public sealed partial class FeatureDependencyTests
{
    private static readonly string[][] Levels =
    [
        ["Tenancy", "Persistence", "Auditing", "Outbox", "Mail", "Secrets", "Limits", "Shared"],
        ["Packages", "Customers", "Routers", "Ledger", "Identity"],
        ["Sessions", "Replies"],
        ["Orders"],
        ["Subscriptions"],
        ["Vouchers", "Payments", "Invoicing", "Hotspot", "Onboarding"],
        ["Plans", "Campaigns", "Monitoring", "Statistics"],
        ["Reports"],
    ];

    /// <summary>The context lists every table; provisioning and design time make every schema.</summary>
    private static readonly HashSet<string> MayKnowEverything = ["IspDbContext.cs", "DatabaseProvisioning.cs", "DesignTime.cs"];

    private static readonly Dictionary<string, int> LevelOf = Levels
        .SelectMany((names, level) => names.Select(name => (name, level)))
        .ToDictionary(x => x.name, x => x.level);

    [Fact]
    public void Features_know_only_what_lies_below_them()
    {
        var wrong =
            from file in Sources()
            from used in FeatureUse().Matches(File.ReadAllText(file.FullPath)).Select(match => match.Groups["feature"].Value).Distinct()
            where LevelOf.ContainsKey(used) && used != file.Feature && !MayKnowEverything.Contains(file.Name)
            where LevelOf[used] >= LevelOf[file.Feature] && LevelOf[file.Feature] > 0
            select $"{file.Feature}/{file.Name} uses {used}";

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_is_a_feature_with_a_level()
        => Assert.All(Sources().Select(file => file.Feature).Distinct(), feature => Assert.Contains(feature, LevelOf.Keys));

    private static IEnumerable<(string Feature, string Name, string FullPath)> Sources()
    {
        var core = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "../../../EasyIsp.Core"));
        return
            from file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
            let path = Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar)
            where path.Length > 1 && path[0] is not ("obj" or "bin") && !path.Contains("Migrations")
            select (path[0], path[^1], file);
    }

    [GeneratedRegex(@"EasyIsp\.Core\.(?<feature>\w+)(?=[\.;])", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FeatureUse();

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
