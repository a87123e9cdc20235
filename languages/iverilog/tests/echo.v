module main;
  integer c;
  initial begin
    c = $fgetc(32'h8000_0000);
    while (c != -1) begin
      $write("%c", c[7:0]);
      c = $fgetc(32'h8000_0000);
    end
    $finish(0);
  end
endmodule
