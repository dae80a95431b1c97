#include <gtest/gtest.h>
#include <nanoarrow/nanoarrow.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <sstream>
#include <wheatstone/error.hpp>
#include <wheatstone/experiment.hpp>

#include "io/document.hpp"
#include "storage/cell_text.hpp"
#include "storage/test_run.hpp"

namespace wheatstone::storage {
namespace {

constexpr double k_infinity = std::numeric_limits<double>::infinity();

std::string text_of(const std::filesystem::path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string json_of(const Value& value) {
  std::string json;
  append_json(json, value);
  return json;
}

TEST(Export, writes_comma_separated_values_that_read_back) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v"));
  run->add_column(column("a, quoted \"name\""));
  run->add_column(column("z"));
  run->set(0, 0.1);
  run->set(1, Value("two\nlines"));
  run->set(2, Value(std::complex<double>(1, -2)));
  run->commit();
  run->set(0, std::nan(""));
  run->commit();
  run->set(0, -k_infinity);
  run->set(1, Value(""));
  run->commit();
  run->set(0, 5.0);
  run->commit();
  run->experiment().write_csv(store.path() / "out.csv");
  EXPECT_EQ(text_of(store.path() / "out.csv"),
            "v,\"a, quoted \"\"name\"\"\",z\r\n0.1,\"two\nlines\",1-2j\r\nnan,,\r\n-inf,\"\",\r\n5.0,,\r\n")
      << "a missing text is nothing, an empty one is quoted; a whole float64 is seen to be none of the int64s";
}

TEST(Export, writes_an_object_a_row_in_which_every_number_has_a_place) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v"));
  run->add_column(column("n \"1\""));
  run->set(0, k_infinity);
  run->set(1, Value(std::int64_t{1} << 62));
  run->commit();
  run->set(0, 5.0);
  run->commit();
  run->experiment().write_jsonl(store.path() / "out.jsonl");
  const std::string text = text_of(store.path() / "out.jsonl");
  EXPECT_EQ(text, "{\"v\":\"Infinity\",\"n \\\"1\\\"\":4611686018427387904}\n{\"v\":5.0,\"n \\\"1\\\"\":null}\n");
  EXPECT_EQ(*io::Document::parse(text.substr(0, text.find('\n'))).find("v")->get_if<std::string>(), "Infinity");
}

TEST(Export, gives_every_kind_of_cell_its_json) {
  const std::vector<double> samples = {1, -k_infinity, std::nan("")};
  EXPECT_EQ(json_of(Value(std::complex<double>(1, -2))), R"({"re":1.0,"im":-2.0})");
  EXPECT_EQ(json_of(Value(Bytes{std::byte{0}, std::byte{255}})), R"("00ff")");
  EXPECT_EQ(json_of(Value(Time{1})), R"("1970-01-01T00:00:00.000000001Z")");
  EXPECT_EQ(json_of(Value(Waveform{.t0 = 0, .dt = 1e-6, .samples = samples})),
            R"({"t0":0.0,"dt":1e-06,"samples":[1.0,"-Infinity","NaN"]})");
  const auto whole = std::make_shared<const std::vector<std::uint64_t>>(std::vector<std::uint64_t>{0, ~0ull, 2, 3});
  const Array matrix(DType::uint64, {2, 2}, std::shared_ptr<const void>(whole, whole->data()));
  EXPECT_EQ(json_of(Value(matrix)), "[[0,18446744073709551615],[2,3]]");
  EXPECT_EQ(json_of(Value(Frame{{{"a", Array(std::span<const double>(samples))}}})),
            R"({"a":[1.0,"-Infinity","NaN"]})");
  EXPECT_EQ(field_text(Value(matrix)), json_of(Value(matrix)));
}

TEST(Export, writes_the_chosen_columns_in_the_chosen_order) {
  TestStore store;
  auto run = store.run();
  for (const char* const name : {"a", "b", "c"}) run->add_column(column(name));
  for (std::size_t c = 0; c < 3; ++c) run->set(c, static_cast<double>(c));
  run->commit();
  const Experiment chosen = run->experiment().select(std::vector<std::string>{"c", "a"});
  EXPECT_EQ(chosen.columns().size(), 2u);
  EXPECT_EQ(*chosen.at(0, "c").get_if<double>(), 2);
  chosen.write_csv(store.path() / "out.csv");
  EXPECT_EQ(text_of(store.path() / "out.csv"), "c,a\r\n2.0,0.0\r\n");
  EXPECT_THROW((void)run->experiment().select(std::vector<std::string>{"d"}), DataError);
  EXPECT_THROW((void)run->experiment().select(std::vector<std::string>{"a", "a"}), DataError);
  EXPECT_THROW((void)run->experiment().select({}), DataError);
}

TEST(Export, describes_beside_a_file_what_it_cannot_hold) {
  TestStore store;
  auto run = store.run();
  ColumnSpec volts = column("v");
  volts.unit = "V";
  volts.notes = "of the supply";
  run->add_column(volts);
  run->set(0, 1.0);
  run->commit();
  run->experiment().write_description(store.path() / "out.csv");
  const io::Document written = io::Document::parse(text_of(store.path() / "out.csv-metadata.json"));
  const io::Document& described = written.find("tableSchema")->find("columns")->items().front();
  EXPECT_EQ(written.text({"url"}), "out.csv");
  EXPECT_EQ(described.text({"schema:unitText"}), "V");
  EXPECT_EQ(described.text({"dc:description"}), "of the supply");
  EXPECT_EQ(written.text({"wheatstone:run", "id"}), run->experiment().id());
}

TEST(Export, hands_out_one_batch_whose_pages_are_let_go_of_with_it_and_read_again) {
  TestStore store;
  auto run = store.run();
  run->add_column(column("v"));
  for (int i = 0; i < 5000; ++i) {
    run->set(0, 1.0 * i);
    run->commit();
  }
  const Experiment experiment = run->experiment();
  double sum = 0;
  for (int pass = 0; pass < 2; ++pass) {
    sum = 0;
    for (std::size_t b = 0; b < experiment.batch_count(); ++b) {
      ArrowArrayStream stream{};
      experiment.to_arrow(&stream, b);
      ArrowArray array{};
      ASSERT_EQ(stream.get_next(&stream, &array), 0);
      const auto* const values = static_cast<const double*>(array.children[0]->buffers[1]);
      for (std::int64_t i = 0; i < array.length; ++i) sum += values[i];
      array.release(&array);
      ASSERT_EQ(stream.get_next(&stream, &array), 0);
      EXPECT_EQ(array.release, nullptr) << "a batch is all that its stream has";
      stream.release(&stream);
    }
  }
  EXPECT_EQ(sum, 5000.0 * 4999 / 2);
  ArrowArrayStream stream{};
  EXPECT_THROW(experiment.to_arrow(&stream, experiment.batch_count()), DataError);
}

}  // namespace
}  // namespace wheatstone::storage
