using EasyIsp.Core.Identity;
using EasyIsp.Testing;
using EasyIsp.Web.Commands;
using Microsoft.Extensions.Configuration;
using Xunit;

namespace EasyIsp.Web.Tests.Commands;

public sealed class CreateSuperAdminCommandTests(PostgresServer server) : IAsyncLifetime
{
    private const string Password = "maji-ya-dafu-baridi";
    private const string Email = "amina@example.test";
    private static readonly string TooLong = $"A name is needed, of at most {StaffUser.MaxDisplayNameLength} characters.";
    private World _world = null!;
    private string _certificate = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await World.OpenAsync(server);
        _certificate = await _world.WriteKeyRingCertificateAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        File.Delete(_certificate);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_person_is_asked_again_until_each_answer_does()
    {
        var person = new Answers(
            "", "Amina Njoroge", "amina", Email, "short", "1111111111111", Password, "something else", Password, Password);

        Assert.Equal(0, await RunAsync(person));

        Assert.Equal(
            [
                TooLong,
                "That is no e-mail address.",
                "Passwords must be at least 12 characters.",
                "Passwords must use at least 5 different characters.",
                "The two passwords differ.",
                "Amina Njoroge may now sign in as super admin.",
            ],
            person.Said);
        Assert.Empty(person.Left);
    }

    [Fact]
    public async Task What_a_script_gave_is_refused_once_and_nobody_is_made()
    {
        var script = new Answers("Amina Njoroge", "amina", Password, Password) { IsPerson = false };

        Assert.Equal(65, await RunAsync(script));

        Assert.Equal(["That is no e-mail address."], script.Said);
        Assert.Equal(0, await RunAsync(new Answers("Amina Njoroge", Email, Password, Password) { IsPerson = false }, ifMissing: true));
    }

    [Fact]
    public async Task Nobody_is_asked_where_there_is_a_super_admin_unless_another_is_wanted()
    {
        await RunAsync(new Answers("Amina Njoroge", Email, Password, Password));
        var unasked = new Answers();
        var another = new Answers("Otieno Ouma", Email, "otieno@example.test", Password, Password);

        Assert.Equal(0, await RunAsync(unasked, ifMissing: true));
        Assert.Equal(0, await RunAsync(another));

        Assert.Empty(unasked.Said);
        Assert.Equal(["Somebody has this e-mail address already.", "Otieno Ouma may now sign in as super admin."], another.Said);
    }

    private Task<int> RunAsync(IPrompt prompt, bool ifMissing = false)
    {
        var environment = _world.ProcessEnvironment(_certificate)
            .Select(variable => KeyValuePair.Create(variable.Key.Replace("__", ":", StringComparison.Ordinal), (string?)variable.Value));
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(environment).Build();
        return CreateSuperAdminCommand.RunAsync(configuration, prompt, ifMissing, TestContext.Current.CancellationToken);
    }

    private sealed class Answers(params string[] answers) : IPrompt
    {
        public Queue<string> Left { get; } = new(answers);
        public List<string> Said { get; } = [];
        public bool IsPerson { get; init; } = true;

        public string Ask(string question) => Left.Dequeue();

        public string AskSecretly(string question) => Left.Dequeue();

        public void Say(string text) => Said.Add(text);
    }
}
