using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace EasyIsp.Core.Identity.Migrations
{
    /// <inheritdoc />
    public partial class AddressesAndPhones : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "address",
                schema: "staff",
                table: "links",
                type: "character varying(254)",
                maxLength: 254,
                nullable: true);

            migrationBuilder.CreateTable(
                name: "sms_codes",
                schema: "staff",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    user_id = table.Column<Guid>(type: "uuid", nullable: false),
                    purpose = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    phone = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false),
                    digest = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    ended_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_sms_codes", x => x.id);
                    table.ForeignKey(
                        name: "fk_sms_codes_users_user_id",
                        column: x => x.user_id,
                        principalSchema: "staff",
                        principalTable: "users",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_sms_codes_created_at",
                schema: "staff",
                table: "sms_codes",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "ix_sms_codes_user_id_purpose",
                schema: "staff",
                table: "sms_codes",
                columns: new[] { "user_id", "purpose" });

            // Who signed in before addresses were verified goes on: the address counts as the person's.
            migrationBuilder.Sql("update staff.users set email_confirmed = true where password_hash is not null and deleted_at is null");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "sms_codes",
                schema: "staff");

            migrationBuilder.DropColumn(
                name: "address",
                schema: "staff",
                table: "links");
        }
    }
}
