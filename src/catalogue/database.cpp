#include "catalogue/database.hpp"

#include <sqlite3.h>

#include <new>
#include <wheatstone/error.hpp>

#include "base/text.hpp"

namespace wheatstone::catalogue {
namespace {

[[noreturn]] void fail(sqlite3* database, std::string_view what) {
  throw DatabaseError(base::excerpt(what, 40) + ": " + sqlite3_errmsg(database));
}

sqlite3* open_in_memory() {
  sqlite3* database = nullptr;
  constexpr int k_flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_NOMUTEX;
  if (sqlite3_open_v2(":memory:", &database, k_flags, nullptr) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(database);
    sqlite3_close(database);
    throw DatabaseError("SQLite cannot begin: " + why);
  }
  return database;
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql) {
  if (sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &statement_, nullptr) != SQLITE_OK)
    fail(database, sql);
}

Statement::~Statement() { sqlite3_finalize(statement_); }

bool Statement::step() {
  switch (sqlite3_step(statement_)) {
    case SQLITE_ROW:
      return true;
    case SQLITE_DONE:
      return false;
    default:
      fail(sqlite3_db_handle(statement_), sqlite3_sql(statement_));
  }
}

void Statement::reset() { sqlite3_reset(statement_); }

void Statement::bind(int place, std::int64_t value) { sqlite3_bind_int64(statement_, place, value); }

void Statement::bind(int place, std::string_view value) {
  sqlite3_bind_text64(statement_, place, value.data() == nullptr ? "" : value.data(), value.size(), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}

void Statement::bind(int place, std::optional<std::int64_t> value) {
  value ? sqlite3_bind_int64(statement_, place, *value) : sqlite3_bind_null(statement_, place);
}

void Statement::bind(int place, std::optional<double> value) {
  value ? sqlite3_bind_double(statement_, place, *value) : sqlite3_bind_null(statement_, place);
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

std::string Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  return text == nullptr ? std::string()
                         : std::string(text, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

std::optional<std::int64_t> Statement::integer_or_null(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_int64(statement_, column);
}

std::optional<double> Statement::real_or_null(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return sqlite3_column_double(statement_, column);
}

void ImageBytes::Free::operator()(std::byte* bytes) const { sqlite3_free(bytes); }

ImageBytes::ImageBytes(std::size_t count) : bytes(static_cast<std::byte*>(sqlite3_malloc64(count))), size(count) {
  if (!bytes) throw std::bad_alloc();
}

Database::Database() : database_(open_in_memory()) {}

Database::Database(ImageBytes image) : database_(open_in_memory()) {
  const auto size = static_cast<sqlite3_int64>(image.size);
  auto* bytes = reinterpret_cast<unsigned char*>(image.bytes.release());
  constexpr unsigned k_flags = SQLITE_DESERIALIZE_FREEONCLOSE | SQLITE_DESERIALIZE_RESIZEABLE;
  // Takes the bytes where it fails, too.
  if (sqlite3_deserialize(database_, "main", bytes, size, size, k_flags) != SQLITE_OK) {
    const std::string why = sqlite3_errmsg(database_);
    sqlite3_close(database_);
    throw DatabaseError("SQLite cannot read it: " + why);
  }
}

Database::~Database() { sqlite3_close(database_); }

void Database::run(const char* sql) {
  if (sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(database_, sql);
}

std::int64_t Database::last_key() const { return sqlite3_last_insert_rowid(database_); }

ImageBytes Database::image() const {
  sqlite3_int64 size = 0;
  ImageBytes image;
  image.bytes.reset(reinterpret_cast<std::byte*>(sqlite3_serialize(database_, "main", &size, 0)));
  if (!image.bytes) throw std::bad_alloc();
  image.size = static_cast<std::size_t>(size);
  return image;
}

}  // namespace wheatstone::catalogue
