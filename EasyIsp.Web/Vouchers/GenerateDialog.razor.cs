using System.Globalization;
using EasyIsp.Core.Vouchers;
using EasyIsp.Web.Blocks;
using Microsoft.AspNetCore.Components;
using MudBlazor;

namespace EasyIsp.Web.Vouchers;

/// <summary>Asks for a batch, makes it in one go, and then offers its codes for print and as a file.</summary>
public sealed partial class GenerateDialog
{
    private static readonly (int Days, string Word)[] ShelfLives =
        [(7, "a week"), (30, "30 days"), (90, "90 days"), (180, "6 months"), (365, "a year"), (730, "2 years")];

    private readonly Input _input = new();
    private IReadOnlyList<VoucherPackage>? _packages;
    private MudForm _form = null!;
    private string? _fault;
    private Guid? _made;
    private bool _isBusy;

    [CascadingParameter] private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>Not a real code: one that was shown here would be known to whoever looked on.</summary>
    private string Example
        => VoucherCode.Checked(_input.Prefix, "K7MP2Q9XDR4TWB6HNA3C"[..Length]);

    private int Length => Math.Clamp(_input.CodeLength, VoucherCode.MinLength, VoucherCode.MaxLength);

    private bool IsWeak => VoucherCode.BitsOf(Length) < VoucherCode.EnoughBits;

    private string Strength => $"{Math.Floor(VoucherCode.BitsOf(Length)).ToString(CultureInfo.InvariantCulture)} bits of chance: one guess in {Odds} hits a given code";

    /// <summary>"14 trillion": so large that digits would say nothing.</summary>
    private string Odds
    {
        get
        {
            var guesses = Math.Pow(2, VoucherCode.BitsOf(Length));
            var (unit, word) = guesses >= 1e15 ? (1e15, "quadrillion") : guesses >= 1e12 ? (1e12, "trillion") : guesses >= 1e9 ? (1e9, "billion") : (1e6, "million");
            return $"{Math.Floor(guesses / unit).ToString("#,0", CultureInfo.InvariantCulture)} {word}";
        }
    }

    protected override async Task OnInitializedAsync()
    {
        _packages = await Press.PackagesAsync(CancellationToken.None);
        _input.Package = _packages is [var only] ? only : null;
    }

    private string Describe(VoucherPackage? package)
        => package is null ? "" : $"{package.Name} · {Figures.Length(package.Duration)} · {Figures.Money(package.Price, Session.Tenant)}";

    private async Task SubmitAsync()
    {
        await _form.ValidateAsync();
        if (!_form.IsValid || _input.Package is not { } package)
            return;

        _isBusy = true;
        var shelfLife = TimeSpan.FromDays(_input.ShelfDays);
        _made = await Press.GenerateAsync(
            new NewVoucherBatch(package.Id, _input.Name, _input.Count, shelfLife, _input.Prefix, _input.CodeLength), CancellationToken.None);
        _isBusy = false;
        _fault = _made is null ? $"{package.Name} is no longer sold. Nothing was made; choose another package." : null;
    }

    private sealed class Input
    {
        public VoucherPackage? Package { get; set; }
        public int Count { get; set; } = 500;
        public string Name { get; set; } = "";
        public int ShelfDays { get; set; } = 90;
        public string Prefix { get; set; } = "";
        public int CodeLength { get; set; } = VoucherCode.DefaultLength;
    }
}
